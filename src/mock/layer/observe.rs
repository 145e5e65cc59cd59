//! One exchange from its first byte to its last.

use super::dress::{add_header, dressed, instead, trailed};
use super::memory::{Key, KnownBody, Memory};
use super::play::{LONGEST_SILENCE, Play};
use super::receive::{lane_of, read, target_of};
use super::received_body::{ReceivedBody, begun};
use super::sent_body::SentBody;
use super::step::{Ending, endings};
use crate::exchange::{Cadence, Fault, Lane, Moment, Outcome};
use crate::mock::behaviours::{Behaviours, Turn};
use crate::mock::catalog::Refuse;
use crate::mock::cue::{Cue, Seed};
use crate::mock::line::{HangUp, Line};
use crate::mock::recorder::{Legible, Recorder, Ticket};
use crate::mock::stream::WriteError;
use crate::wire::sse::SseEvent;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use futures_util::FutureExt;
use http::request::Parts;
use http::{Method, StatusCode, header};
use http_body_util::BodyExt;
use std::sync::Arc;
use std::time::Duration;

/// The content types of answers in events.
const STREAMS: [&str; 3] = ["text/event-stream", "application/vnd.amazon.eventstream", "application/x-ndjson"];

/// What the layer knows of the mock behind it.
#[derive(Debug, Clone)]
pub(in crate::mock) struct Stage {
    /// The mock's name.
    pub(in crate::mock) mock: &'static str,
    /// The vendor's own words of refusal.
    pub(in crate::mock) refuse: Refuse,
    /// The header in which the vendor numbers requests.
    pub(in crate::mock) request_id: Option<&'static str>,
    /// How it behaves in each lane.
    pub(in crate::mock) behaviours: Behaviours,
    /// Who remembers.
    pub(in crate::mock) recorder: Recorder,
    /// What makes bodies readable that are no text.
    pub(in crate::mock) legible: Option<Legible>,
    /// Whether the mock reads requests while they arrive.
    pub(in crate::mock) is_talk: bool,
    /// The answers that are known, where the mock answers equal requests alike at all times.
    pub(in crate::mock) memory: Option<Memory>,
}

/// Records an exchange, and lets the mock answer unless a fault of the lane does.
pub(in crate::mock) async fn observe(State(stage): State<Stage>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let lane = lane_of(&parts);
    let is_head = parts.method == Method::HEAD;
    let mut ticket = stage.recorder.open(lane.clone(), stage.mock, stage.legible, &parts);
    let (known, mut body) = match receive(&stage, body, &mut ticket).await {
        Ok(received) => received,
        Err((status, message)) => {
            let seed = Seed::of(parts.method.as_str(), target_of(&parts), b"");
            return send((stage.refuse)(&seed, status, Some(&message)), ticket, is_head, None);
        }
    };
    let turn = stage.behaviours.take(&lane, stage.mock);
    if stage.is_talk && turn.fault.is_some() {
        body = begun(body).await;
    }
    let seed = Seed::of(parts.method.as_str(), target_of(&parts), &known);
    let line = parts.extensions.get::<Line>().cloned().unwrap_or_default();
    if let Some(fault) = &turn.fault
        && hangs_up(fault, &line).await
    {
        return hang_up(ticket);
    }
    if turn.fault.as_ref().is_some_and(|fault| fault.go_away) {
        line.leave();
        // The connection takes notice before the answer is there.
        tokio::task::yield_now().await;
    }
    let fault = turn.fault.as_ref();
    let refuse = |status| (stage.refuse)(&seed, status, None);
    let mut response = match fault.and_then(|fault| instead(fault, refuse)) {
        Some(response) => response,
        None => {
            let memory = stage.memory.as_ref().filter(|_| turn.is_plain());
            answered(memory, stage.mock, cue(&stage, lane, &turn, &seed), parts, body, next).await
        }
    };
    if let Some(name) = stage.request_id {
        add_header(&mut response, name, &seed.id("req_"));
    }
    let play = plan(&response, &stage, &seed, turn.fault, turn.cadence, line);
    if let Some(play) = &play {
        response = dressed(response, &play.fault).await;
    }
    send(response, ticket, is_head, play)
}

/// What the mock is told.
fn cue(stage: &Stage, lane: Lane, turn: &Turn, seed: &Seed) -> Cue {
    Cue {
        lane,
        answer: turn.answer.clone(),
        script: turn.script.clone(),
        orders: Arc::clone(&turn.orders),
        counters: stage.behaviours.counters().clone(),
        seed: seed.clone(),
    }
}

/// The body as the mock gets it, and its bytes as far as they are known before; the error is a refusal.
async fn receive(stage: &Stage, body: Body, ticket: &mut Ticket) -> Result<(Bytes, Body), (StatusCode, String)> {
    if stage.is_talk {
        return Ok((Bytes::new(), Body::new(ReceivedBody::new(body, ticket.receiving()))));
    }
    let whole = read(body).await?;
    ticket.received_body(&whole);
    Ok((whole.clone(), Body::from(whole)))
}

/// The mock's own answer, or the one that it gave to the same request before.
async fn answered(memory: Option<&Memory>, mock: &str, cue: Cue, mut parts: Parts, body: Body, next: Next) -> Response {
    let known = memory.map(|memory| (memory, Key::of(mock, cue.seed.bytes(), &parts)));
    if let Some(response) = known.and_then(|(memory, key)| memory.recall(key)) {
        return response;
    }
    parts.extensions.insert(cue);
    let response = next.run(Request::from_parts(parts, body)).await;
    match known {
        Some((memory, key)) => memory.keep(key, response).await,
        None => response,
    }
}

/// Waits as the fault asks; true when nothing is to be answered.
async fn hangs_up(fault: &Fault, line: &Line) -> bool {
    if let Some(delay) = fault.delay_ms {
        tokio::time::sleep(Duration::from_millis(delay)).await;
    }
    match endings(fault).find(|(moment, _)| *moment == Moment::BeforeHeaders) {
        None => return false,
        Some((_, Ending::Hang)) => tokio::time::sleep(LONGEST_SILENCE).await,
        Some((_, Ending::Reset)) => line.reset_at_end(),
        Some(_) => {}
    }
    true
}

fn hang_up(mut ticket: Ticket) -> Response {
    ticket.end(Outcome::CutByUs);
    let mut response = Response::default();
    response.extensions_mut().insert(HangUp);
    response
}

/// How an answer is played that a fault or a cadence changes.
fn plan(
    response: &Response,
    stage: &Stage,
    seed: &Seed,
    fault: Option<Fault>,
    cadence: Option<Cadence>,
    line: Line,
) -> Option<Play> {
    if fault.is_none() && cadence.is_none() {
        return None;
    }
    let (refuse, seed) = (stage.refuse, seed.clone());
    let plain = || WriteError::by(move |status, _| plain_error(refuse(&seed, status, None)));
    let error = response.extensions().get::<WriteError>().cloned().unwrap_or_else(plain);
    let (fault, is_grpc) = (fault.unwrap_or_default(), is_of(response, &["application/grpc"]));
    Some(Play { fault, cadence, is_stream: is_of(response, &STREAMS), is_grpc, error, line })
}

/// The vendor's error body as the data of an event.
fn plain_error(refusal: Response) -> Bytes {
    // The body of a refusal is there from the start.
    let body = refusal.into_body().collect().now_or_never().and_then(Result::ok);
    let text = body.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned());
    SseEvent::data(text.unwrap_or_default()).to_string().into()
}

fn is_of(response: &Response, types: &[&str]) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| types.iter().any(|known| value.as_bytes().starts_with(known.as_bytes())))
}

fn send(response: Response, mut ticket: Ticket, is_head: bool, play: Option<Play>) -> Response {
    ticket.answering(response.status(), response.headers());
    if let (None, Some(known)) = (&play, response.extensions().get::<KnownBody>()) {
        let known = known.clone();
        return response.map(|_| Body::new(SentBody::known(known, ticket, is_head)));
    }
    // An answer that is not played may go out as fast as it can, several events at a time.
    let is_in_pieces = play.is_some();
    response.map(|body| {
        let body = match play {
            // A body that is empty is whole from the start, whatever else is asked for.
            Some(play) if changes_body(&play) => {
                let fault = play.fault.clone();
                trailed(play.body(body), &fault)
            }
            _ => body,
        };
        Body::new(SentBody::new(body, ticket, is_head, is_in_pieces))
    })
}

fn changes_body(play: &Play) -> bool {
    let fault = &play.fault;
    play.cadence.is_some()
        || endings(fault).next().is_some()
        || fault.error_event.is_some()
        || fault.malformed.is_some()
        || fault.terminator.is_some()
        || fault.drip.is_some()
        || fault.oversize.is_some()
        || fault.writing.is_some()
        || !fault.patch.is_empty()
        || !fault.trailers.is_empty()
}
