//! Invocations with a body of the model's own kind.

use super::answer::latency;
use super::ask::check_model;
use super::frames::{padded, respond};
use super::refusal::Refusal;
use super::titan::{self, malformed};
use crate::mock::claude;
use crate::mock::cue::Cue;
use crate::wire::sse::Decoder;
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Map, Value, json};

const CLAUDE_VERSION: &str = "bedrock-2023-05-31";

/// The answer in one piece, or in frames.
pub(super) async fn invoke(
    model: &str,
    wants_frames: bool,
    cue: Cue,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, Refusal> {
    check_model(model)?;
    let Ok(Value::Object(request)) = serde_json::from_slice::<Value>(body) else {
        return Err(Refusal::invalid("Malformed input request, please reformat your input and try again."));
    };
    if model.contains("titan-embed") {
        let (answer, cost) = titan::embed(model, &request)?;
        return Ok(counted(&answer, cost, 0, &cue));
    }
    if !model.contains("anthropic.") {
        return Err(Refusal::invalid("The provided model identifier is invalid."));
    }
    let answer = ask_claude(model, request, wants_frames, cue.clone(), headers).await?;
    if wants_frames {
        return Ok(respond(chunks(&answer, &cue)));
    }
    let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
    let count = |name: &str| answer["usage"][name].as_u64().unwrap_or(0);
    Ok(counted(&answer, count("input_tokens"), count("output_tokens"), &cue))
}

/// What a request for an invocation of Claude costs.
pub(super) async fn count(model: &str, body: &[u8], cue: Cue) -> Result<u64, Refusal> {
    let Ok(Value::Object(mut request)) = serde_json::from_slice::<Value>(body) else {
        return Err(Refusal::invalid("Malformed input request, please reformat your input and try again."));
    };
    request.entry("max_tokens").or_insert_with(|| 1.into());
    let answer = ask_claude(model, request, false, cue, &HeaderMap::new()).await?;
    let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
    Ok(answer["usage"]["input_tokens"].as_u64().unwrap_or(0))
}

/// What Anthropic's mock answers to Bedrock's form of its body.
async fn ask_claude(
    model: &str,
    mut request: Map<String, Value>,
    is_stream: bool,
    cue: Cue,
    headers: &HeaderMap,
) -> Result<Bytes, Refusal> {
    claude::take_version(&mut request, CLAUDE_VERSION).map_err(Refusal::invalid)?;
    if let Some(name) = ["model", "stream"].into_iter().find(|name| request.contains_key(*name)) {
        return Err(malformed(&format!("#: extraneous key [{name}] is not permitted")));
    }
    let betas = request.shift_remove("anthropic_beta");
    let mut headers = headers.clone();
    let betas: Vec<String> = betas.and_then(|betas| serde_json::from_value(betas).ok()).unwrap_or_default();
    if let Ok(betas) = HeaderValue::try_from(betas.join(",")) {
        headers.insert("anthropic-beta", betas);
    }
    request.insert("model".to_owned(), model.into());
    request.insert("stream".to_owned(), is_stream.into());
    let response = claude::ask("/v1/messages", &request, cue, &headers).await;
    let status = response.status();
    let answer = response.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    if status.is_success() {
        return Ok(answer);
    }
    let refused: Value = serde_json::from_slice(&answer).unwrap_or_default();
    let status = if status == StatusCode::NOT_FOUND { StatusCode::BAD_REQUEST } else { status };
    Err(Refusal::of_status(status, refused["error"]["message"].as_str()))
}

/// Claude's events, each in a frame; the last one has the figures that Bedrock adds.
fn chunks(events: &[u8], cue: &Cue) -> Vec<Bytes> {
    let events = Decoder::new().push(events).into_iter().filter(|event| event.name.as_deref() != Some("ping"));
    let (mut input, mut output) = (Value::from(0), Value::from(0));
    let chunk = |event: crate::wire::sse::SseEvent| {
        let mut data: Value = serde_json::from_str(&event.data).unwrap_or_default();
        if data["type"] == "message_start" {
            input = data["message"]["usage"]["input_tokens"].clone();
        }
        if data["type"] == "message_delta" {
            output = data["usage"]["output_tokens"].clone();
        }
        if data["type"] == "message_stop" {
            data["amazon-bedrock-invocationMetrics"] = json!({
                "inputTokenCount": input,
                "outputTokenCount": output,
                "invocationLatency": latency(cue),
                "firstByteLatency": latency(cue) / 2,
            });
        }
        padded("chunk", json!({ "bytes": STANDARD.encode(data.to_string()) }))
    };
    events.map(chunk).collect()
}

/// A body with the figures that Bedrock tells in headers.
fn counted(body: &Value, input: u64, output: u64, cue: &Cue) -> Response {
    let mut response = ([(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response();
    for (name, value) in [
        ("x-amzn-bedrock-input-token-count", input),
        ("x-amzn-bedrock-output-token-count", output),
        ("x-amzn-bedrock-invocation-latency", latency(cue)),
    ] {
        response.headers_mut().insert(name, HeaderValue::from(value));
    }
    response
}
