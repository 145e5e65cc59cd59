//! One prompt with its arguments in it.

use super::asking::{Asked, Returned};
use super::fill::filled;
use super::hub::Hub;
use rmcp::model::{GetPromptRequestParams, GetPromptResponse, GetPromptResult, PromptMessage};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};

/// The messages of a prompt.
///
/// # Errors
/// There is no such prompt, or an argument that it needs is missing.
pub(super) async fn prompt(
    hub: &Hub,
    request: GetPromptRequestParams,
    context: &RequestContext<RoleServer>,
) -> Result<GetPromptResponse, ErrorData> {
    let wrong = |message: String| ErrorData::invalid_params(message, None);
    let sheet = hub.personality.prompts.iter().find(|sheet| sheet.prompt.name == request.name);
    let sheet = sheet.ok_or_else(|| wrong("There is no such prompt.".to_owned()))?;
    let mut arguments = request.arguments.unwrap_or_default();
    let mut needed = sheet.prompt.arguments.iter().flatten().filter(|argument| argument.required == Some(true));
    if let Some(missing) = needed.find(|argument| !arguments.contains_key(&argument.name)) {
        return Err(wrong(format!("The prompt needs the argument `{}`.", missing.name)));
    }
    if let Some(asking) = &sheet.asks {
        let returned = Returned { responses: request.input_responses, state: request.request_state };
        match asking.ask(hub, context, &arguments, returned).await? {
            Asked::Answered(answers) => arguments.extend(answers),
            Asked::InputRequired(result) => return Ok(result.into()),
            Asked::Failed(message) => return Err(ErrorData::internal_error(message, None)),
        }
    }
    let messages: Result<Vec<PromptMessage>, _> =
        sheet.messages.iter().map(|message| serde_json::from_value(filled(message, &arguments))).collect();
    let mut result = GetPromptResult::new(messages.map_err(|error| wrong(error.to_string()))?);
    result.description = sheet.prompt.description.clone();
    Ok(result.into())
}
