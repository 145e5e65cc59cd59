//! Questions to the client in the middle of a call: as requests of the server in a session, as a result that asks for
//! input in the stateless revision.

use super::fill::filled;
use super::hub::Hub;
use super::revision::is_since;
use super::sheet::Asking;
use rmcp::model::{
    CallToolResult, ClientCapabilities, ContentBlock, InputRequest, InputRequests, InputRequiredResult, InputResponses,
    JsonObject, ProtocolVersion, ServerRequest,
};
use rmcp::service::{PeerRequestOptions, RequestContext};
use rmcp::{ErrorData, RoleServer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;

/// How long a client may take to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of the questions.
pub(super) enum Asked {
    /// All answers are there, by the names of the questions.
    Answered(JsonObject),
    /// The client has to answer and call again.
    InputRequired(InputRequiredResult),
    /// The client did not answer; in a sentence.
    Failed(String),
}

/// What the client sent along from the call before.
pub(super) struct Returned {
    pub(super) responses: Option<InputResponses>,
    pub(super) state: Option<String>,
}

/// What is sealed into the state.
#[derive(Debug, Default, Serialize, Deserialize)]
struct State {
    round: usize,
    answers: JsonObject,
}

impl Asking {
    /// Asks, or takes the answers that the client has brought.
    ///
    /// # Errors
    /// The client changed the state, or it lacks a capability.
    pub(super) async fn ask(
        &self,
        hub: &Hub,
        context: &RequestContext<RoleServer>,
        arguments: &JsonObject,
        returned: Returned,
    ) -> Result<Asked, ErrorData> {
        let version = context.protocol_version();
        if is_since(version.as_ref(), &ProtocolVersion::V_2026_07_28) {
            self.ask_by_result(hub, context, arguments, returned)
        } else {
            Ok(self.ask_in_session(context, arguments, version.as_ref()).await)
        }
    }

    async fn ask_in_session(
        &self,
        context: &RequestContext<RoleServer>,
        arguments: &JsonObject,
        version: Option<&ProtocolVersion>,
    ) -> Asked {
        let capabilities = context.client_capabilities().unwrap_or_default();
        let mut answers = JsonObject::new();
        for (name, question) in self.rounds.iter().flatten() {
            let capability = capability_of(question);
            if capability == "elicitation" && !is_since(version, &ProtocolVersion::V_2025_06_18) {
                return Asked::Failed("Elicitation came with revision 2025-06-18 of the protocol.".to_owned());
            }
            if !has(&capabilities, capability) {
                if self.declared_only {
                    continue;
                }
                return Asked::Failed(format!("The client did not declare the capability `{capability}`."));
            }
            let Ok(request) = serde_json::from_value::<ServerRequest>(filled(question, arguments)) else {
                return Asked::Failed(format!("The arguments make no question `{name}`."));
            };
            match answer_of(context, request).await {
                Ok(answer) => answers.insert(name.clone(), answer),
                Err(error) => return Asked::Failed(error),
            };
        }
        Asked::Answered(answers)
    }

    fn ask_by_result(
        &self,
        hub: &Hub,
        context: &RequestContext<RoleServer>,
        arguments: &JsonObject,
        returned: Returned,
    ) -> Result<Asked, ErrorData> {
        let carries_state = self.sealed || self.rounds.len() > 1;
        let changed = || ErrorData::invalid_params("requestState failed integrity verification", None);
        let is_first = carries_state && returned.state.is_none();
        let mut state = match &returned.state {
            Some(sealed) => hub.seal.open::<State>(sealed).ok_or_else(changed)?,
            None => State::default(),
        };
        let capabilities = context.client_capabilities().unwrap_or_default();
        loop {
            let Some(round) = self.rounds.get(state.round) else { return Ok(Asked::Answered(state.answers)) };
            let mut open = InputRequests::new();
            for (name, question) in round {
                if !has(&capabilities, capability_of(question)) {
                    if self.declared_only {
                        continue;
                    }
                    return Err(ErrorData::missing_required_client_capability(declaring(capability_of(question))));
                }
                let answer = returned.responses.as_ref().and_then(|responses| responses.get(name));
                match answer.filter(|answer| answer.is_object() && !is_first) {
                    Some(answer) => drop(state.answers.insert(name.clone(), answer.clone())),
                    None => drop(open.insert(name.clone(), question_of(question, arguments)?)),
                }
            }
            if !open.is_empty() {
                let sealed = if carries_state { hub.seal.close(&state) } else { None };
                return Ok(Asked::InputRequired(InputRequiredResult::new(Some(open), sealed)));
            }
            state.round += 1;
        }
    }
}

/// A call that failed because the client did not answer.
pub(super) fn failure(message: impl Into<String>) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(message)])
}

/// The capabilities with this one alone.
pub(super) fn declaring(capability: &str) -> ClientCapabilities {
    serde_json::from_value(json!({ capability: {} })).unwrap_or_default()
}

/// Whether a client declared the capability.
pub(super) fn has(capabilities: &ClientCapabilities, capability: &str) -> bool {
    match capability {
        "sampling" => capabilities.sampling.is_some(),
        "elicitation" => capabilities.elicitation.is_some(),
        "roots" => capabilities.roots.is_some(),
        _ => true,
    }
}

async fn answer_of(context: &RequestContext<RoleServer>, request: ServerRequest) -> Result<Value, String> {
    let options = PeerRequestOptions::with_timeout(PATIENCE);
    let asked = context.peer.send_cancellable_request(request, options).await.map_err(|error| error.to_string())?;
    let answer = asked.await_response().await.map_err(|error| error.to_string())?;
    serde_json::to_value(&answer).map_err(|error| error.to_string())
}

fn question_of(question: &Value, arguments: &JsonObject) -> Result<InputRequest, ErrorData> {
    serde_json::from_value(filled(question, arguments))
        .map_err(|error| ErrorData::invalid_params(format!("The arguments make no question: {error}"), None))
}

fn capability_of(question: &Value) -> &'static str {
    match question["method"].as_str() {
        Some("sampling/createMessage") => "sampling",
        Some("elicitation/create") => "elicitation",
        Some("roots/list") => "roots",
        _ => "",
    }
}
