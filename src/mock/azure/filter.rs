//! What the content filter says of a prompt and of an answer.

use axum::body::Body;
use axum::response::Response;
use http::header;
use http_body_util::BodyExt;
use serde_json::{Value, json};

const HARMS: [&str; 4] = ["hate", "self_harm", "sexual", "violence"];
/// A prompt with this word in it is taken for one that the filter blocks; a harm may follow it after a colon.
const TRIGGER: &str = "blocked-by-filter";

/// The verdict on each class of harm; one of them may have been found.
pub(super) fn results(found: Option<&str>) -> Value {
    let verdict = |harm: &&str| {
        let is_found = found == Some(*harm);
        (harm.to_string(), json!({ "filtered": is_found, "severity": if is_found { "high" } else { "safe" } }))
    };
    HARMS.iter().map(verdict).collect()
}

/// The harm for which the filter blocks a request, if it does.
pub(super) fn blocked(body: &[u8]) -> Option<&'static str> {
    let text = String::from_utf8_lossy(body);
    let (_, rest) = text.split_once(TRIGGER)?;
    let named = |harm: &&&str| rest.strip_prefix(':').is_some_and(|rest| rest.starts_with(**harm));
    Some(HARMS.iter().find(named).copied().unwrap_or("violence"))
}

fn prompt_results() -> Value {
    json!([{ "prompt_index": 0, "content_filter_results": results(None) }])
}

/// The answer with the filter's verdicts in it.
pub(super) async fn judged(response: Response) -> Response {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_stream = content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"));
    let (mut parts, body) = response.into_parts();
    if !is_stream {
        // The body of such an answer is there from the start.
        let bytes = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
        parts.headers.remove(header::CONTENT_LENGTH);
        let judged = serde_json::from_slice(&bytes).map(|whole: Value| judge(whole).to_string());
        return Response::from_parts(parts, judged.map_or_else(|_| Body::from(bytes), Body::from));
    }
    Response::from_parts(parts, stream(body))
}

fn judge(mut whole: Value) -> Value {
    judge_choices(&mut whole);
    whole["prompt_filter_results"] = prompt_results();
    whole
}

fn judge_choices(chunk: &mut Value) {
    for choice in chunk["choices"].as_array_mut().into_iter().flatten() {
        let is_filtered = choice["finish_reason"] == "content_filter";
        choice["content_filter_results"] = results(is_filtered.then_some("violence"));
    }
}

/// The stream begins with the verdict on the prompt, in a chunk of its own; a verdict stands in each further choice.
fn stream(body: Body) -> Body {
    use futures_util::StreamExt;
    let mut is_first = true;
    let pieces = body.into_data_stream().map(move |piece| {
        piece.map(|piece| {
            let Some(mut chunk) = chunk_of(&piece) else { return piece };
            let mut written = String::new();
            if std::mem::replace(&mut is_first, false) {
                let mut opening = chunk.clone();
                opening["choices"] = json!([]);
                opening["id"] = "".into();
                opening["model"] = "".into();
                opening["object"] = "".into();
                opening["created"] = 0.into();
                opening["prompt_filter_results"] = prompt_results();
                written = format!("data: {opening}\n\n");
            }
            judge_choices(&mut chunk);
            written.push_str(&format!("data: {chunk}\n\n"));
            written.into()
        })
    });
    Body::from_stream(pieces)
}

fn chunk_of(piece: &[u8]) -> Option<Value> {
    serde_json::from_slice(piece.strip_prefix(b"data: ")?.trim_ascii_end()).ok()
}
