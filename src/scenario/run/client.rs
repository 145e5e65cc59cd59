//! The scenario's client: every request that it sends is remembered. What it reads is bounded in length and in time.

use super::{
    mcp::StreamEnd,
    reader::{Limits, Reader},
};
use crate::event::ClientExchange;
use crate::exchange::mask_header;
use crate::scenario::{
    expect::{Answer, End, events_of},
    spec::Leave,
};
use reqwest::{Client, Method, Response, redirect::Policy};
use serde_json::Value;
use std::{
    error::Error,
    time::{Duration, Instant},
};
use tokio::time::timeout_at;

/// How long the client waits for the end of an answer, unless its scenario has less time.
pub(super) const LONGEST_EXCHANGE: Duration = Duration::from_secs(8);

/// A request, complete.
#[derive(Debug, Clone, Default)]
pub(super) struct Request {
    /// Scheme, address and port: `http://127.0.0.1:8080`.
    pub base: String,
    pub method: String,
    pub path: String,
    /// Names in lower case, `host` among them.
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// Where a stream of MCP ends for us.
    pub ends: Option<StreamEnd>,
    /// When the client goes away.
    pub leave: Option<Leave>,
    /// How long the client waits for the end; left out: [`LONGEST_EXCHANGE`].
    pub within: Option<Duration>,
}

/// The HTTP client of a run: no proxy, no redirects, nothing decoded.
pub(super) fn http_client() -> Result<Client, reqwest::Error> {
    Client::builder().tls_certs_only([]).no_proxy().redirect(Policy::none()).http1_only().build()
}

/// Sends a request and reads the answer.
pub(super) async fn send(client: &Client, request: &Request, number: usize) -> (Answer, ClientExchange) {
    let (at, began) = (jiff::Timestamp::now(), Instant::now());
    let mut answer = exchange(client, request, began).await;
    answer.milliseconds = milliseconds(began);
    answer.json = json_of(&answer);
    let masked = |headers: &[(String, String)]| {
        headers.iter().map(|(name, value)| (name.clone(), mask_header(name, value))).collect()
    };
    let exchange = ClientExchange {
        number,
        at,
        request_line: format!("{} {}", request.method, request.path),
        request_headers: masked(&request.headers),
        request_body: shown(&request.body),
        status: answer.status,
        headers: masked(&answer.headers),
        body: shown(&answer.body),
        milliseconds: answer.milliseconds,
        first_event: answer.event_times.first().copied(),
        events: answer.event_times.len(),
        end: answer.end.word().to_owned(),
    };
    (answer, exchange)
}

/// Longest body that is kept for a report, in bytes.
const LONGEST_SHOWN: usize = 64 * 1024;

fn shown(body: &str) -> String {
    match body.char_indices().find(|(position, _)| *position >= LONGEST_SHOWN) {
        None => body.to_owned(),
        Some((end, _)) => format!("{}… {} bytes in all", &body[..end], body.len()),
    }
}

async fn exchange(client: &Client, request: &Request, began: Instant) -> Answer {
    let leaves_at = match request.leave {
        Some(Leave::After(time)) => Some(began + time),
        _ => None,
    };
    let until = leaves_at.unwrap_or(began + request.within.unwrap_or(LONGEST_EXCHANGE)).into();
    let late = if leaves_at.is_some() { End::Left } else { End::TooLate };
    let response = match timeout_at(until, builder(client, request).send()).await {
        Ok(Ok(response)) => response,
        Ok(Err(error)) => return Answer { body: chain(&error), end: End::Cut, ..Answer::default() },
        Err(_) => return Answer { body: late.word().to_owned(), end: late, ..Answer::default() },
    };
    let mut answer = head_of(&response);
    let leaves_after = match request.leave {
        Some(Leave::AfterEvents(events)) => usize::try_from(events).ok(),
        _ => None,
    };
    let limits = Limits { until, late, leaves_after, ends: request.ends.clone() };
    Reader::new(is_stream(&answer), began, limits).read(response, &mut answer).await;
    answer
}

fn builder(client: &Client, request: &Request) -> reqwest::RequestBuilder {
    let method = Method::from_bytes(request.method.as_bytes()).unwrap_or_default();
    let mut builder = client.request(method, format!("{}{}", request.base, request.path));
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if request.body.is_empty() { builder } else { builder.body(request.body.clone()) }
}

fn head_of(response: &Response) -> Answer {
    let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value)));
    Answer { status: Some(response.status().as_u16()), headers: headers.collect(), ..Answer::default() }
}

pub(super) fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

fn is_stream(answer: &Answer) -> bool {
    answer.headers.iter().any(|(name, value)| name == "content-type" && value.starts_with("text/event-stream"))
}

/// The JSON of an answer; of a stream the last event that is JSON.
fn json_of(answer: &Answer) -> Option<Value> {
    match is_stream(answer) {
        true => events_of(&answer.body).iter().rev().find_map(|event| serde_json::from_str(event).ok()),
        false => serde_json::from_str(&answer.body).ok(),
    }
}

/// An error with its causes on one line.
pub(super) fn chain(error: &reqwest::Error) -> String {
    let mut words = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push(error.to_string());
        cause = error.source();
    }
    words.dedup();
    words.join(": ")
}
