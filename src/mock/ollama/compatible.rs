//! The OpenAI-compatible paths. They are translated into native requests, as the server does it itself.

use super::ask::{Ask, Reply};
use super::chat::{Outcome, understand};
use super::decode::decode;
use super::embed;
use super::events::{Kind, events, whole};
use super::refusal::{PLAIN_JSON, Refusal, answer};
use super::shapes::{COMPATIBLE_CHAT, COMPATIBLE_EMBED, COMPATIBLE_TEXT};
use crate::mock::answer::prompt_cost;
use crate::mock::cue::Cue;
use crate::mock::pieces;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::StatusCode;
use serde_json::{Value, json};

/// Chat completions.
pub(super) fn chat(body: &[u8], cue: &Cue) -> Response {
    let translated = decode(&COMPATIBLE_CHAT, body, "EOF").and_then(|request| Ok((native(&request)?, request)));
    match translated {
        Ok((native, request)) => respond(&native, &request, Kind::Chat, cue),
        Err(refusal) => refusal.compatible(true),
    }
}

/// The older completions of a text.
pub(super) fn text(body: &[u8], cue: &Cue) -> Response {
    match decode(&COMPATIBLE_TEXT, body, "EOF") {
        Ok(request) => {
            let mut native = base(&request);
            native["messages"] = json!([{ "role": "user", "content": request["prompt"] }]);
            respond(&native, &request, Kind::Text, cue)
        }
        Err(refusal) => refusal.compatible(true),
    }
}

fn respond(native: &Value, request: &Value, kind: Kind, cue: &Cue) -> Response {
    let ask: Box<Ask> = match understand(native, cue) {
        Ok(Outcome::Asked { ask, .. }) => ask,
        Ok(Outcome::Loaded(_)) => return Refusal::invalid("[] is too short - 'messages'").compatible(true),
        Err(refusal) => return refusal.compatible(false),
    };
    let reply = Reply::to(&ask, cue);
    if request["stream"] == true {
        let wants_usage = request["stream_options"]["include_usage"] == true;
        return pieces::respond("text/event-stream", events(&ask, &reply, kind, wants_usage, cue).into_iter());
    }
    answer(StatusCode::OK, PLAIN_JSON, &whole(&ask, &reply, kind, cue))
}

fn base(request: &Value) -> Value {
    let mut options = json!({});
    for (theirs, ours) in
        [("max_tokens", "num_predict"), ("seed", "seed"), ("temperature", "temperature"), ("top_p", "top_p")]
    {
        if !request[theirs].is_null() {
            options[ours] = request[theirs].clone();
        }
    }
    match &request["stop"] {
        Value::String(stop) => options["stop"] = json!([stop]),
        Value::Array(stops) => options["stop"] = stops.clone().into(),
        _ => {}
    }
    json!({ "model": request["model"], "options": options })
}

fn native(request: &Value) -> Result<Value, Refusal> {
    let messages = request["messages"].as_array().map_or(&[][..], Vec::as_slice);
    if messages.is_empty() {
        return Err(Refusal::invalid("[] is too short - 'messages'"));
    }
    let mut native = base(request);
    native["messages"] = messages.iter().map(message).collect::<Result<Vec<_>, _>>()?.into();
    native["tools"] = request["tools"].clone();
    native["format"] = match request["response_format"]["type"].as_str() {
        Some("json_object") => json!("json"),
        Some("json_schema") => request["response_format"]["json_schema"]["schema"].clone(),
        _ => Value::Null,
    };
    native["think"] = match request["reasoning_effort"].as_str() {
        None | Some("") => Value::Null,
        Some("none") => json!(false),
        Some(effort @ ("high" | "medium" | "low")) => json!(effort),
        Some(other) => {
            let message =
                format!("invalid reasoning value: '{other}' (must be \"high\", \"medium\", \"low\", or \"none\")");
            return Err(Refusal::invalid(message));
        }
    };
    Ok(native)
}

fn message(message: &Value) -> Result<Value, Refusal> {
    let type_name = match &message["content"] {
        Value::String(_) => return Ok(message.clone()),
        Value::Array(parts) => {
            let text = parts.iter().map(part).collect::<Result<Vec<_>, _>>()?.concat();
            return Ok(json!({ "role": message["role"], "content": text }));
        }
        Value::Null if message["tool_calls"].is_array() => {
            return Ok(json!({ "role": message["role"], "content": "" }));
        }
        Value::Null => "<nil>",
        Value::Bool(_) => "bool",
        Value::Number(_) => "float64",
        Value::Object(_) => "map[string]interface {}",
    };
    Err(Refusal::invalid(format!("invalid message content type: {type_name}")))
}

fn part(part: &Value) -> Result<&str, Refusal> {
    match part["type"].as_str() {
        Some("text") => part["text"].as_str().ok_or_else(|| Refusal::invalid("invalid message format")),
        Some("image_url") => Ok(""),
        _ => Err(Refusal::invalid("invalid message format")),
    }
}

/// Embeddings.
pub(super) fn embeddings(body: &[u8]) -> Response {
    let request = match decode(&COMPATIBLE_EMBED, body, "EOF").and_then(checked) {
        Ok(request) => request,
        Err(refusal) => return refusal.compatible(true),
    };
    let name = request["model"].as_str().unwrap_or_default();
    let model = match embed::model(name) {
        Ok(model) => model,
        Err(refusal) => return refusal.compatible(false),
    };
    let texts = match &request["input"] {
        Value::String(text) => vec![text.as_str()],
        input => embed::texts(input).unwrap_or_default(),
    };
    let data = texts.iter().enumerate().map(|(index, text)| {
        let vector = embed::cut(model, text, &request["dimensions"]);
        let embedding = match request["encoding_format"].as_str() {
            Some("base64") => {
                STANDARD.encode(vector.iter().flat_map(|part| (*part as f32).to_le_bytes()).collect::<Vec<_>>()).into()
            }
            _ => json!(vector),
        };
        json!({ "object": "embedding", "embedding": embedding, "index": index })
    });
    let cost = prompt_cost(texts.iter().copied());
    let usage = json!({ "prompt_tokens": cost, "total_tokens": cost });
    let body = json!({ "object": "list", "data": data.collect::<Vec<_>>(), "model": name, "usage": usage });
    answer(StatusCode::OK, PLAIN_JSON, &body)
}

fn checked(request: Value) -> Result<Value, Refusal> {
    match request["encoding_format"].as_str() {
        None | Some("" | "float" | "base64") => {}
        Some(other) => {
            let message =
                format!("Invalid value for 'encoding_format' = {other}. Supported values: ['float', 'base64'].");
            return Err(Refusal::invalid(message));
        }
    }
    let is_empty = match &request["input"] {
        Value::Null => true,
        Value::Array(texts) => texts.is_empty(),
        _ => false,
    };
    if is_empty { Err(Refusal::invalid("invalid input")) } else { Ok(request) }
}
