//! The scenario's client: one request at a time, every one of them remembered.

use super::mcp::StreamEnd;
use crate::event::ClientExchange;
use crate::exchange::mask_header;
use crate::scenario::expect::{Answer, events_of};
use reqwest::{Client, Method, redirect::Policy};
use serde_json::Value;
use std::{error::Error, time::Instant};

/// Longest answer that is kept, in bytes; the rest is not read.
const LONGEST_ANSWER: usize = 4 * 1024 * 1024;

/// A request, complete.
#[derive(Debug, Clone)]
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
}

/// The HTTP client of a run: no proxy, no redirects, nothing decoded.
pub(super) fn http_client() -> Result<Client, reqwest::Error> {
    Client::builder().tls_certs_only([]).no_proxy().redirect(Policy::none()).http1_only().build()
}

/// Sends a request and reads the answer.
pub(super) async fn send(client: &Client, request: &Request, number: usize) -> (Answer, ClientExchange) {
    let began = Instant::now();
    let mut answer = match exchange(client, request).await {
        Ok(answer) => answer,
        Err(error) => Answer { body: chain(&error), ..Answer::default() },
    };
    answer.milliseconds = began.elapsed().as_secs_f64() * 1000.0;
    answer.json = json_of(&answer);
    let masked = |headers: &[(String, String)]| {
        headers.iter().map(|(name, value)| (name.clone(), mask_header(name, value))).collect()
    };
    let exchange = ClientExchange {
        number,
        request_line: format!("{} {}", request.method, request.path),
        request_headers: masked(&request.headers),
        request_body: request.body.clone(),
        status: answer.status,
        headers: masked(&answer.headers),
        body: answer.body.clone(),
        milliseconds: answer.milliseconds,
    };
    (answer, exchange)
}

async fn exchange(client: &Client, request: &Request) -> Result<Answer, reqwest::Error> {
    let method = Method::from_bytes(request.method.as_bytes()).unwrap_or_default();
    let mut builder = client.request(method, format!("{}{}", request.base, request.path));
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if !request.body.is_empty() {
        builder = builder.body(request.body.clone());
    }
    let mut response = builder.send().await?;
    let status = Some(response.status().as_u16());
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        let answered = request.ends.as_ref().is_some_and(|end| end.is_in(&String::from_utf8_lossy(&body)));
        if body.len() > LONGEST_ANSWER || answered {
            break;
        }
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    Ok(Answer { status, headers, body, json: None, milliseconds: 0.0 })
}

/// The JSON of an answer; of a stream the last event that is JSON.
fn json_of(answer: &Answer) -> Option<Value> {
    let is_stream =
        answer.headers.iter().any(|(name, value)| name == "content-type" && value.starts_with("text/event-stream"));
    match is_stream {
        true => events_of(&answer.body).iter().rev().find_map(|event| serde_json::from_str(event).ok()),
        false => serde_json::from_str(&answer.body).ok(),
    }
}

/// An error with its causes on one line.
fn chain(error: &reqwest::Error) -> String {
    let mut words = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        words.push(error.to_string());
        cause = error.source();
    }
    words.dedup();
    words.join(": ")
}
