//! One call of a tool: what is wrong with it, what the client is asked, and the answer.

use super::acts::Call;
use super::asking::{Asked, Returned, declaring, failure, has};
use super::hub::Hub;
use super::offer::Does;
use super::revision::{fit, is_since};
use rmcp::model::{CallToolRequestParams, CallToolResponse, LoggingLevel, ProtocolVersion};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use std::sync::Arc;

/// Calls a tool, for a session that wants to read in its log from this level on.
///
/// # Errors
/// There is no such tool, its client lacks a capability, or its arguments are wrong in a revision that takes that for a
/// mistake of the protocol.
pub(super) async fn call(
    hub: &Arc<Hub>,
    level: Option<LoggingLevel>,
    request: CallToolRequestParams,
    context: RequestContext<RoleServer>,
) -> Result<CallToolResponse, ErrorData> {
    let offer = hub.personality.offer(&request.name).ok_or_else(|| unknown(&request.name))?;
    hub.personality.delay().await;
    let version = context.protocol_version();
    let mut arguments = request.arguments.unwrap_or_default();
    if let Some(fault) = offer.fault(&mut arguments) {
        // Since 2025-11-25 a model is to see what it did wrong.
        let is_told = is_since(version.as_ref(), &ProtocolVersion::V_2025_11_25);
        return if is_told { Ok(failure(fault).into()) } else { Err(ErrorData::invalid_params(fault, None)) };
    }
    if let Some(needed) = &offer.needs
        && !has(&context.client_capabilities().unwrap_or_default(), needed)
    {
        return Err(ErrorData::missing_required_client_capability(declaring(needed)));
    }
    let mut responses = request.input_responses;
    if let Some(asking) = &offer.asks {
        let returned = Returned { responses: responses.take(), state: request.request_state };
        match asking.ask(hub, &context, &arguments, returned).await? {
            Asked::Answered(answers) => arguments.extend(answers),
            Asked::InputRequired(result) => return Ok(result.into()),
            Asked::Failed(message) => return Ok(failure(message).into()),
        }
    }
    let result = match &offer.does {
        Does::Says(result) => result.clone(),
        Does::Fills(answer) => answer.result(&arguments)?,
        Does::Computes(compute) => compute(&arguments),
        Does::Acts(act) => return act(Call { arguments, responses, context, hub: Arc::clone(hub), level }).await,
    };
    Ok(fit(result, version.as_ref()).into())
}

fn unknown(name: &str) -> ErrorData {
    ErrorData::invalid_params(format!("Unknown tool: {}", name.chars().take(100).collect::<String>()), None)
}
