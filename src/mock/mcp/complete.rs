//! What may stand for an argument.

use super::personality::Personality;
use rmcp::ErrorData;
use rmcp::model::{CompleteRequestParams, CompleteResult, CompletionInfo, Reference};

/// The known values that begin as the client has begun.
///
/// # Errors
/// There is no such prompt or template.
pub(super) fn complete(
    personality: &Personality,
    request: &CompleteRequestParams,
) -> Result<CompleteResult, ErrorData> {
    let known = match &request.r#ref {
        Reference::Prompt(of) => {
            personality.prompts.iter().find(|sheet| sheet.prompt.name == of.name).map(|sheet| &sheet.complete)
        }
        Reference::Resource(of) => {
            let mut templates = personality.templates.iter();
            templates.find(|sheet| sheet.template.uri_template == of.uri).map(|sheet| &sheet.complete)
        }
        _ => None,
    };
    let known = known.ok_or_else(|| ErrorData::invalid_params("There is no such prompt or template.", None))?;
    let argument = &request.argument;
    let values = known.get(&argument.name).into_iter().flatten().filter(|value| value.starts_with(&argument.value));
    let values = CompletionInfo::with_all_values(values.take(CompletionInfo::MAX_VALUES).cloned().collect());
    Ok(CompleteResult::new(values.map_err(|error| ErrorData::internal_error(error, None))?))
}
