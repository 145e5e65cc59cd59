//! Tools that make the server tell of changes.

use super::super::hub::List;
use super::{Call, Outcome, said};
use serde_json::Value;

pub(super) async fn tools(call: Call) -> Outcome {
    call.hub.changed(List::Tools).await;
    Ok(said("Tool list change triggered").into())
}

pub(super) async fn prompts(call: Call) -> Outcome {
    call.hub.changed(List::Prompts).await;
    Ok(said("Prompt list change triggered").into())
}

pub(super) async fn resource(call: Call) -> Outcome {
    let uri = call.arguments.get("uri").and_then(Value::as_str).unwrap_or_default();
    let told = call.hub.updated(uri).await;
    Ok(said(format!("{told} were told")).into())
}
