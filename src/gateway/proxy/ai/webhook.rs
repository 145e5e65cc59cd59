//! Guards that ask a service. Source: facts/manifests.md 4.2.

use super::guard::Outcome;
use crate::gateway::{
    proxy::{body::Body, call::Call, refusal::Refusal, upstream::Destination},
    table::{GuardWebhook, HeaderMatch, Rejection},
};
use http::{HeaderMap, Request, header, request};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

/// How long the service may take.
const DEADLINE: Duration = Duration::from_secs(10);
/// Longest answer of the service.
const LARGEST_ANSWER: usize = 2 * 1024 * 1024;

#[derive(Deserialize)]
struct Answer {
    action: Action,
}

#[derive(Deserialize)]
struct Action {
    body: Option<Value>,
    status_code: Option<u16>,
}

/// Shows the messages of a request.
pub async fn request(
    call: &Call<'_>,
    service: &GuardWebhook,
    request: &request::Parts,
    body: &mut Value,
) -> Result<Outcome, Refusal> {
    let messages = body["messages"].as_array().map_or_else(Vec::new, |messages| messages.iter().map(plain).collect());
    let shown = json!({"body": {"messages": messages}});
    let Some(action) = asked(call, service, "/request", &request.headers, shown).await? else {
        return Ok(Outcome::FailedOpen);
    };
    Ok(match (action.body, action.status_code) {
        (Some(Value::String(message)), Some(status)) => Outcome::Rejected(Rejection { status, message }),
        (Some(masked), _) if masked["messages"].is_array() => {
            body["messages"] = masked["messages"].clone();
            Outcome::Masked
        }
        _ => Outcome::Allowed,
    })
}

/// Shows the choices of an answer.
pub async fn answer(
    call: &Call<'_>,
    service: &GuardWebhook,
    client: &request::Parts,
    body: &mut Value,
) -> Result<Outcome, Refusal> {
    let choices = body["choices"].as_array().map_or_else(Vec::new, |choices| {
        choices.iter().map(|choice| json!({"message": plain(&choice["message"])})).collect()
    });
    let shown = json!({"body": {"choices": choices}});
    let Some(action) = asked(call, service, "/response", &client.headers, shown).await? else {
        return Ok(Outcome::FailedOpen);
    };
    Ok(match (action.body, action.status_code) {
        (Some(Value::String(message)), Some(status)) => Outcome::Rejected(Rejection { status, message }),
        (Some(masked), _) if masked["choices"].is_array() => {
            let masked = masked["choices"].as_array().into_iter().flatten();
            let choices = body["choices"].as_array_mut().into_iter().flatten();
            for (choice, masked) in choices.zip(masked) {
                choice["message"]["content"] = masked["message"]["content"].clone();
            }
            Outcome::Masked
        }
        _ => Outcome::Allowed,
    })
}

/// Role and text of a message.
fn plain(message: &Value) -> Value {
    let text = match &message["content"] {
        Value::Array(parts) => parts.iter().filter_map(|part| part["text"].as_str()).collect::<Vec<_>>().join("\n"),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    json!({"role": message["role"], "content": text})
}

/// What the service says; `None` where it is not there and nobody minds.
async fn asked(
    call: &Call<'_>,
    service: &GuardWebhook,
    path: &'static str,
    headers: &HeaderMap,
    shown: Value,
) -> Result<Option<Action>, Refusal> {
    // A reference that leads nowhere is no guard at all, as in the real proxy.
    if service.service.is_none() {
        return Ok(None);
    }
    match tokio::time::timeout(DEADLINE, exchange(call, service, path, headers, shown)).await {
        Ok(Some(action)) => Ok(Some(action)),
        _ if service.fail_open => Ok(None),
        _ => Err(Refusal::Processing("prompt guard failed".to_owned())),
    }
}

async fn exchange(
    call: &Call<'_>,
    service: &GuardWebhook,
    path: &'static str,
    headers: &HeaderMap,
    shown: Value,
) -> Option<Action> {
    let callee = service.service.as_ref()?;
    let address = call.shared.names.service(&callee.host, callee.port).await.ok()?;
    let body = shown.to_string();
    let mut request = Request::post(path)
        .header(header::HOST, format!("{}:{}", callee.host, callee.port))
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_LENGTH, body.len());
    for wanted in &service.forwarded {
        let name = match wanted {
            HeaderMatch::Exact(name, _) | HeaderMatch::Regex(name, _) => name,
        };
        for value in headers.get_all(name.as_str()).iter().filter(|value| fits(wanted, value.to_str().ok())) {
            request = request.header(name.as_str(), value.clone());
        }
    }
    let request = request.body(Body::from(body)).ok()?;
    let answer = call.shared.upstream.call(&Destination::Plain(address), request).await.ok()?;
    let bytes = answer.into_body().collect(LARGEST_ANSWER).await.ok()?;
    serde_json::from_slice::<Answer>(&bytes).ok().map(|answer| answer.action)
}

fn fits(wanted: &HeaderMatch, value: Option<&str>) -> bool {
    match (wanted, value) {
        (HeaderMatch::Exact(_, wanted), Some(value)) => wanted == value,
        (HeaderMatch::Regex(_, pattern), Some(value)) => {
            regex::Regex::new(&format!("^(?:{pattern})$")).is_ok_and(|pattern| pattern.is_match(value))
        }
        (_, None) => false,
    }
}
