//! Recorded exchanges as an HTTP Archive 1.2, which browsers and HTTP tools open.
//!
//! The format is described at <http://www.softwareishard.com/blog/har-12-spec/>; names that begin with `_` are ours.

use super::{Exchange, Outcome, Received, Sent};
use http::StatusCode;
use percent_encoding::{CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};

/// The archive of these exchanges, in the order given.
pub fn archive(exchanges: &[Exchange]) -> Value {
    let entries: Vec<Value> = exchanges.iter().map(entry).collect();
    json!({ "log": {
        "version": "1.2",
        "creator": { "name": "agw-sandbox", "version": env!("CARGO_PKG_VERSION") },
        "pages": [],
        "entries": entries,
    }})
}

fn entry(exchange: &Exchange) -> Value {
    let wait = exchange.answered_at.map_or(0.0, |answered| milliseconds(exchange.at, answered));
    let end = exchange.ended_at.or(exchange.answered_at).unwrap_or(exchange.at);
    let whole = milliseconds(exchange.at, end);
    json!({
        "startedDateTime": exchange.at.to_string(),
        "time": whole,
        "request": request(&exchange.received),
        "response": response(exchange),
        "cache": {},
        "timings": { "send": 0, "wait": wait, "receive": (whole - wait).max(0.0) },
        "_mock": exchange.mock,
        "_lane": exchange.lane,
        "_sequence": exchange.sequence,
        "_outcome": exchange.outcome,
    })
}

fn request(received: &Received) -> Value {
    let url = format!("http://{}{}", received.header("host").unwrap_or("mock"), received.target);
    let mut request = json!({
        "method": received.method,
        "url": utf8_percent_encode(&url, CONTROLS).to_string(),
        "httpVersion": received.version,
        "cookies": [],
        "headers": pairs(&received.headers),
        "queryString": query(&received.target),
        "headersSize": -1,
        "bodySize": received.body.len(),
    });
    if !received.body.is_empty() {
        let mime_type = received.header("content-type").unwrap_or_default();
        request["postData"] = json!({ "mimeType": mime_type, "params": [], "text": received.body });
    }
    request
}

/// Nothing that was sent is status 0, which is how browsers write a connection that was lost.
fn response(exchange: &Exchange) -> Value {
    let nothing = Sent::default();
    let sent = exchange.sent.as_ref().unwrap_or(&nothing);
    let status = StatusCode::from_u16(sent.status).ok().and_then(|status| status.canonical_reason());
    let header = |name: &str| sent.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let mut content = json!({ "size": sent.body.len(), "mimeType": header("content-type").unwrap_or("x-unknown"), "text": sent.body });
    if let Some(base64) = &sent.body_base64 {
        content["text"] = base64.as_str().into();
        content["encoding"] = "base64".into();
    }
    let mut response = json!({
        "status": sent.status,
        "statusText": status.unwrap_or_default(),
        "httpVersion": exchange.received.version,
        "cookies": [],
        "headers": pairs(&sent.headers),
        "content": content,
        "redirectURL": header("location").unwrap_or_default(),
        "headersSize": -1,
        "bodySize": sent.body.len(),
    });
    if let Some(error) = lost(exchange.outcome) {
        response["_error"] = error.into();
    }
    response
}

fn lost(outcome: Outcome) -> Option<&'static str> {
    match outcome {
        Outcome::Complete => None,
        Outcome::Open => Some("the exchange goes on"),
        Outcome::ClientLeft => Some("the client left"),
        Outcome::CutByUs => Some("a fault ended the connection"),
    }
}

fn pairs(headers: &[(String, String)]) -> Vec<Value> {
    headers.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
}

fn query(target: &str) -> Vec<Value> {
    let pairs = target.split_once('?').map_or("", |(_, query)| query).split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            json!({ "name": name, "value": value })
        })
        .collect()
}

fn milliseconds(from: jiff::Timestamp, to: jiff::Timestamp) -> f64 {
    (to.as_microsecond() - from.as_microsecond()) as f64 / 1_000.0
}
