//! What a request must be before its message matters.

use super::{failure::Failure, message::Message};
use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

/// Versions of the protocol that the gateway knows.
pub const PROTOCOL_VERSIONS: [&str; 5] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"];
/// Header with the version that was agreed on.
pub const PROTOCOL_VERSION: &str = "mcp-protocol-version";
/// Header that repeats the method of a message.
pub const METHOD: &str = "mcp-method";

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";

/// A POST takes both kinds of answer and sends JSON.
pub fn post(headers: &HeaderMap) -> Result<(), Failure> {
    if !accepts(headers, JSON) || !accepts(headers, EVENTS) {
        let text = "mcp: client must accept both application/json and text/event-stream";
        return Err(Failure::text(StatusCode::NOT_ACCEPTABLE, text));
    }
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !sent.to_ascii_lowercase().starts_with(JSON) {
        return Err(Failure::text(StatusCode::UNSUPPORTED_MEDIA_TYPE, "mcp: client must send application/json"));
    }
    Ok(())
}

/// A GET takes events.
pub fn get(headers: &HeaderMap) -> Result<(), Failure> {
    if accepts(headers, EVENTS) {
        return Ok(());
    }
    Err(Failure::text(StatusCode::NOT_ACCEPTABLE, "mcp: client must accept text/event-stream"))
}

/// Headers that speak about the message tell the truth. A version inside of `initialize` is the server's business.
pub fn agree(headers: &HeaderMap, message: &Message) -> Result<(), Failure> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if let Some(version) = text(PROTOCOL_VERSION)
        && !PROTOCOL_VERSIONS.contains(&version)
    {
        return Err(Failure::unsupported_version(version));
    }
    match (text(METHOD), message.method()) {
        (Some(said), Some(method)) if said != method => Err(Failure::method_mismatch()),
        _ => Ok(()),
    }
}

/// The message of a body.
pub fn parse(body: &[u8]) -> Result<Message, Failure> {
    let fail = |cause: String| {
        let text = format!("mcp: fail to deserialize request body: {cause}");
        Failure::Refused(crate::gateway::proxy::refusal::Refusal::Mcp(StatusCode::BAD_REQUEST, text.into()))
    };
    let value: Value = serde_json::from_slice(body).map_err(|error| fail(error.to_string()))?;
    Message::new(value).ok_or_else(|| fail("data did not match any variant of untagged enum JsonRpcMessage".to_owned()))
}

fn accepts(headers: &HeaderMap, kind: &str) -> bool {
    let values = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).any(|one| one.trim().to_ascii_lowercase().starts_with(kind))
}
