//! How mutants bend what passes between a client and a provider.

use crate::gateway::{
    Mutant,
    proxy::{body::Body, events, shared::Acting},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, StatusCode, header, response};
use serde_json::{Value, json};

/// Bends the headers of a request, behind its credential.
pub fn request_headers(acting: Acting, headers: &mut HeaderMap) {
    if acting.is(Mutant::ProviderKeyTwice)
        && let Some(key) = headers.get("x-api-key").cloned()
    {
        headers.insert(header::AUTHORIZATION, key);
    }
    if acting.is(Mutant::SignatureLost) {
        headers.remove("x-amz-date");
    }
}

/// Bends status and headers of an answer in one piece.
pub fn answer_head(acting: Acting, head: &mut response::Parts) {
    if acting.is(Mutant::ErrorSwallowed) {
        head.status = StatusCode::OK;
    }
    if acting.is(Mutant::RareStatusFlattened) && matches!(head.status.as_u16(), 404 | 529) {
        head.status = StatusCode::INTERNAL_SERVER_ERROR;
    }
    if acting.is(Mutant::RetryAfterLost) {
        head.headers.remove(header::RETRY_AFTER);
    }
}

/// Bends the body of a request.
pub fn request(acting: Acting, body: Vec<u8>) -> Vec<u8> {
    let bent: fn(&mut Value) = match () {
        () if acting.is(Mutant::ToolSchemaLost) => without_schemas,
        () if acting.is(Mutant::MaxTokensKept) => with_old_word,
        () if acting.is(Mutant::UsageNotAsked) => |body| remove(body, "stream_options"),
        () if acting.is(Mutant::VertexVersionLost) => |body| remove(body, "anthropic_version"),
        () if acting.is(Mutant::SystemPromptLost) => without_system,
        () => return body,
    };
    changed(&body, bent)
}

/// Bends the body of an answer in one piece.
pub fn answer(acting: Acting, body: Vec<u8>) -> Vec<u8> {
    let bent: fn(&mut Value) = match () {
        () if acting.is(Mutant::ToolCallsCut) => one_call,
        () if acting.is(Mutant::EmbeddingCut) => shorter_vectors,
        () if acting.is(Mutant::TokenCountOffByOne) => one_token_more,
        () if acting.is(Mutant::StopReasonLost) => without_reason,
        () if acting.is(Mutant::CachedTokensLost) => without_cache,
        () => return body,
    };
    changed(&body, bent)
}

/// Bends the body of an error.
pub fn error(acting: Acting, body: Vec<u8>) -> Vec<u8> {
    if !acting.is(Mutant::ErrorMessageLost) {
        return body;
    }
    changed(&body, |body| {
        if body["error"]["message"].is_string() {
            body["error"]["message"] = "error".into();
        }
    })
}

/// Bends a stream; `translated` is one that the provider did not send so.
pub fn stream(acting: Acting, body: Body, translated: bool) -> Body {
    match () {
        () if acting.is(Mutant::StreamEndLost) && !translated => events::without_last(body),
        () if acting.is(Mutant::DoneLost) && translated => without(body, |data| data == "[DONE]"),
        () if acting.is(Mutant::FinishReasonLost) && translated => {
            without(body, |data| data.contains("\"finish_reason\":\"") || data.contains("\"stop_reason\":\""))
        }
        () if acting.is(Mutant::ToolFragmentsLost) => without(body, |data| {
            data.contains("partial_json") || (data.contains("\"arguments\":\"") && !data.contains("\"name\":"))
        }),
        () if acting.is(Mutant::ErrorEventHidden) => without(body, |data| data.contains("\"error\"")),
        () if acting.is(Mutant::StreamRewritten) => rewritten(body),
        () if acting.is(Mutant::CutHidden) => cleanly_ended(body),
        () if acting.is(Mutant::StreamBuffered) => buffered(body),
        () if acting.is(Mutant::LeaverNotNoticed) => read_on(body),
        () => body,
    }
}

fn changed(body: &[u8], change: impl Fn(&mut Value)) -> Vec<u8> {
    let Ok(mut value) = serde_json::from_slice(body) else { return body.to_vec() };
    change(&mut value);
    value.to_string().into_bytes()
}

fn with_old_word(body: &mut Value) {
    if let Some(most) = body.as_object_mut().and_then(|fields| fields.shift_remove("max_completion_tokens")) {
        body["max_tokens"] = most;
    }
}

fn remove(body: &mut Value, field: &str) {
    if let Some(fields) = body.as_object_mut() {
        fields.shift_remove(field);
    }
}

/// Empties the schemas of all tools, in any language.
fn without_schemas(body: &mut Value) {
    match body {
        Value::Object(fields) => {
            for (name, value) in fields {
                match name.as_str() {
                    "parameters" | "input_schema" => *value = json!({"type": "object"}),
                    "inputSchema" => *value = json!({"json": {"type": "object"}}),
                    _ => without_schemas(value),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_schemas),
        _ => {}
    }
}

fn without_system(body: &mut Value) {
    remove(body, "system");
    remove(body, "systemInstruction");
}

fn one_call(answer: &mut Value) {
    if let Some(calls) = answer.pointer_mut("/choices/0/message/tool_calls").and_then(Value::as_array_mut) {
        calls.truncate(1);
    }
}

fn shorter_vectors(answer: &mut Value) {
    if let Some(vector) = answer.pointer_mut("/data/0/embedding").and_then(Value::as_array_mut) {
        vector.pop();
    }
}

fn one_token_more(answer: &mut Value) {
    if let Some(count) = answer["input_tokens"].as_u64() {
        answer["input_tokens"] = (count + 1).into();
    }
}

fn without_reason(answer: &mut Value) {
    if answer["stop_reason"].is_string() {
        answer["stop_reason"] = "end_turn".into();
    } else if answer["choices"][0]["finish_reason"].is_string() {
        answer["choices"][0]["finish_reason"] = "stop".into();
    }
}

fn without_cache(answer: &mut Value) {
    for name in ["prompt_tokens_details", "cache_read_input_tokens", "cache_creation_input_tokens"] {
        remove(&mut answer["usage"], name);
    }
}

/// The stream without some of its events.
fn without(body: Body, lost: fn(&str) -> bool) -> Body {
    let kept = events::events(body).filter(move |event| {
        let is_lost = event.as_ref().is_ok_and(|event| events::data(event).is_some_and(|data| lost(&data)));
        std::future::ready(!is_lost)
    });
    Body::from_stream(kept)
}

/// The same events with other line ends and without comments.
fn rewritten(body: Body) -> Body {
    let events = events::events(body).filter_map(|event| {
        let event = event.map(|event| events::data(&event).map(|data| Bytes::from(format!("data: {data}\n\n"))));
        std::future::ready(event.transpose())
    });
    Body::from_stream(events)
}

/// Ends like a whole stream where the provider's was cut.
fn cleanly_ended(body: Body) -> Body {
    let pieces = body.into_pieces().take_while(|piece| std::future::ready(piece.is_ok()));
    Body::from_stream(pieces)
}

/// Sends nothing before all is there.
fn buffered(body: Body) -> Body {
    let all = stream::once(async move {
        let pieces: Vec<Bytes> = body.into_pieces().filter_map(|piece| std::future::ready(piece.ok())).collect().await;
        Ok(Bytes::from(pieces.concat()))
    });
    Body::from_stream(all)
}

/// Reads the provider's stream to its end, whoever still listens.
fn read_on(body: Body) -> Body {
    let (sender, receiver) = tokio::sync::mpsc::channel(1024);
    tokio::spawn(async move {
        let mut pieces = Box::pin(body.into_pieces());
        while let Some(piece) = pieces.next().await {
            // Nobody listens any more, which is what this does not notice.
            let _ = sender.try_send(piece);
        }
    });
    Body::from_stream(tokio_stream::wrappers::ReceiverStream::new(receiver))
}
