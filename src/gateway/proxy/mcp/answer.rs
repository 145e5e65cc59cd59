//! Answers of MCP servers on their way to the client: always events.

use super::failure::Failure;
use crate::gateway::proxy::{body::Body, events, refusal::Refusal};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use http::{HeaderMap, HeaderValue, Response, header};
use serde_json::Value;

/// Bytes that an unstreamed answer may have.
const LARGEST_ANSWER: usize = 16 * 1024 * 1024;

/// A change of messages on their way to the client.
pub type Edit = Box<dyn Fn(&mut Value) + Send + Sync>;

/// A server's answer as events, each passed on as it arrives: as it is, unless there is something to change.
pub async fn as_events(response: Response<Body>, edit: Option<Edit>) -> Result<Response<Body>, Failure> {
    if !is_stream(response.headers()) {
        let mut message = message(response).await?;
        if let Some(edit) = edit {
            edit(&mut message);
        }
        return Ok(one_event(&message));
    }
    let events = events::events(response.into_body()).filter_map(move |event| {
        let passed = match event {
            Ok(event) => events::data(&event).map(|data| Ok(encoded(&edited(data, edit.as_ref())))),
            Err(error) => Some(Err(error)),
        };
        std::future::ready(passed)
    });
    Ok(event_stream(Body::from_stream(events)))
}

/// The one answer in a response, whatever else its stream may hold.
pub async fn message(response: Response<Body>) -> Result<Value, Failure> {
    let streamed = is_stream(response.headers());
    if !streamed {
        let body = response.into_body().collect(LARGEST_ANSWER).await.map_err(Refusal::unreadable_response)?;
        return serde_json::from_slice(&body)
            .map_err(|error| Failure::unsendable(&format!("http upstream error: {error}")));
    }
    let mut events = Box::pin(events::events(response.into_body()));
    while let Some(event) = events.next().await {
        let event = event.map_err(|error| Failure::unsendable(&format!("http upstream error: {error}")))?;
        let message: Option<Value> = events::data(&event).and_then(|data| serde_json::from_str(&data).ok());
        match message {
            Some(message) if message.get("result").is_some() || message.get("error").is_some() => return Ok(message),
            _ => {}
        }
    }
    Err(Failure::unsendable("http upstream error: the stream ended without an answer"))
}

/// One message as an event stream.
pub fn one_event(message: &Value) -> Response<Body> {
    event_stream(Body::from(encoded(&message.to_string())))
}

/// Events of several servers in one stream.
pub fn merged(responses: Vec<Response<Body>>) -> Response<Body> {
    let streams = responses.into_iter().map(|response| Box::pin(events::events(response.into_body())));
    event_stream(Body::from_stream(stream::select_all(streams)))
}

/// What a server said, without what belongs to its connection.
pub fn relayed(response: Response<Body>) -> Response<Body> {
    let (head, body) = response.into_parts();
    let mut relayed = Response::new(body);
    *relayed.status_mut() = head.status;
    for name in
        [header::CONTENT_TYPE, header::CONTENT_LENGTH, header::CACHE_CONTROL, header::ALLOW, header::WWW_AUTHENTICATE]
    {
        if let Some(value) = head.headers.get(&name) {
            relayed.headers_mut().insert(name, value.clone());
        }
    }
    relayed
}

/// Whether an answer is a stream of events.
pub fn is_stream(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/event-stream"))
}

fn event_stream(body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

fn encoded(data: &str) -> Bytes {
    let lines: String = data.lines().map(|line| format!("data: {line}\n")).collect();
    format!("event: message\n{lines}\n").into()
}

fn edited(data: String, edit: Option<&Edit>) -> String {
    let Some(edit) = edit else { return data };
    let Ok(mut message) = serde_json::from_str(&data) else { return data };
    edit(&mut message);
    message.to_string()
}
