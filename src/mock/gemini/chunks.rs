//! A generation in one piece or in chunks: as server-sent events, or as a JSON list that grows.

use super::answer::Reply;
use super::refusal::google_json;
use super::request::Ask;
use crate::mock::cue::Cue;
use crate::mock::pieces;
use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use serde_json::Value;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mock) enum Form {
    /// One JSON object.
    Whole,
    /// Server-sent events.
    Events,
    /// One JSON list.
    List,
}

/// The answer in the form that was asked for.
pub(in crate::mock) fn stream(ask: &Ask, cue: &Cue, form: Form) -> Response {
    let reply = Reply::to(ask, cue);
    match form {
        Form::Whole => google_json(StatusCode::OK, &reply.whole()),
        Form::Events => {
            let events = chunks(&reply).into_iter().map(|chunk| Bytes::from(format!("data: {chunk}\r\n\r\n")));
            pieces::respond("text/event-stream", events)
        }
        Form::List => {
            let chunks = chunks(&reply);
            let last = chunks.len() - 1;
            let items = chunks.into_iter().enumerate().map(move |(index, chunk)| {
                let start = if index == 0 { "[" } else { ",\r\n" };
                let end = if index == last { "]" } else { "" };
                Bytes::from(format!("{start}{chunk}{end}"))
            });
            pieces::respond("application/json; charset=UTF-8", items)
        }
    }
}

/// One chunk for each token or for all calls; the last one tells why it ended and what it cost. There is at least one.
fn chunks(reply: &Reply) -> Vec<Value> {
    let is_call = |part: &Value| part["functionCall"].is_object();
    // Calls come together.
    let mut groups: Vec<&[Value]> = reply.parts.chunk_by(|one, next| is_call(one) && is_call(next)).collect();
    if groups.is_empty() {
        groups.push(&[]);
    }
    let last = groups.len() - 1;
    let said = |index: usize| if index == last { reply.cost() } else { (index as u64 + 1).min(reply.cost()) };
    let chunk = |(index, parts): (usize, &&[Value])| {
        let mut candidate = reply.candidate(0, parts);
        if index == last {
            reply.end(&mut candidate);
        }
        reply.body(vec![candidate], said(index))
    };
    groups.iter().enumerate().map(chunk).collect()
}
