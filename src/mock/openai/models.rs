//! The models that can be listed.

use super::Refusal;
use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

/// Names that begin like this stand for models that do not exist.
const ABSENT: &str = "no-such-model";
/// Name and time of creation, in seconds since 1970.
const LISTED: [(&str, u64); 8] = [
    ("gpt-4o", 1_715_367_049),
    ("gpt-4o-mini", 1_721_172_741),
    ("gpt-4.1", 1_744_316_542),
    ("gpt-4.1-mini", 1_744_318_173),
    ("gpt-5", 1_754_425_777),
    ("text-embedding-3-small", 1_705_948_997),
    ("text-embedding-3-large", 1_705_953_180),
    ("gpt-3.5-turbo-instruct", 1_692_901_427),
];

/// Refuses the models that stand for those that do not exist.
pub(super) fn check(model: &str) -> Result<(), Refusal> {
    if model.starts_with(ABSENT) { Err(absent(model)) } else { Ok(()) }
}

/// All that are listed.
pub(in crate::mock) fn list() -> Response {
    let models: Vec<Value> = LISTED.into_iter().map(model).collect();
    Json(json!({ "object": "list", "data": models })).into_response()
}

/// One of them.
pub(super) fn one(id: &str) -> Response {
    match LISTED.into_iter().find(|(name, _)| *name == id) {
        Some(found) => Json(model(found)).into_response(),
        None => absent(id).into_response(),
    }
}

fn model((id, created): (&str, u64)) -> Value {
    json!({ "id": id, "object": "model", "created": created, "owned_by": "system" })
}

fn absent(model: &str) -> Refusal {
    let shown: String = model.chars().take(200).collect();
    let message = format!("The model `{shown}` does not exist or you do not have access to it.");
    let refusal = Refusal::of_parameter("model", "model_not_found", message);
    Refusal { status: StatusCode::NOT_FOUND, param: None, ..refusal }
}
