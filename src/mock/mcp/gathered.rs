//! The body of an answer that is whole before it begins, where that takes no time: head and events go out in one piece.

use super::cut::Cut;
use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::poll;
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio_util::sync::WaitForCancellationFutureOwned;

/// How many turns other tasks have while the head of an answer waits for its events. It is no time: a timer for each answer
/// would wake a thread that sleeps.
const TURNS: usize = 16;
/// How many events wait for the head at most.
const MOST_EVENTS: usize = 16;

/// The error that makes the connection end.
#[derive(Debug, thiserror::Error)]
#[error("The tool died.")]
struct Died;

/// Events that are there, and the rest unless they are all.
struct Gathered {
    events: VecDeque<Bytes>,
    rest: Option<Rest>,
}

struct Rest {
    body: Body,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

/// The answer with what there is of its events; it ends in the middle if the request is cut.
pub(super) async fn gathered(response: Response, cut: Cut) -> Response {
    let (head, mut body) = response.into_parts();
    if body.size_hint().exact().is_some() {
        return Response::from_parts(head, body);
    }
    let mut events = VecDeque::new();
    let mut turns = 0;
    let is_whole = loop {
        match poll!(body.frame()) {
            Poll::Ready(Some(Ok(frame))) => events.extend(frame.into_data()),
            // The services behind this one have no errors of their own.
            Poll::Ready(Some(Err(_)) | None) => break true,
            Poll::Pending if turns == TURNS => break false,
            Poll::Pending => {
                turns += 1;
                tokio::task::yield_now().await;
            }
        }
        if events.len() == MOST_EVENTS {
            break false;
        }
    };
    let rest = (!is_whole).then(|| Rest { body, cut: Box::pin(cut.cancelled()) });
    Response::from_parts(head, Body::new(Gathered { events, rest }))
}

impl HttpBody for Gathered {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if let Some(event) = self.events.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(event))));
        }
        let Some(rest) = &mut self.rest else { return Poll::Ready(None) };
        // What was said before goes out first.
        if let Poll::Ready(frame) = Pin::new(&mut rest.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        rest.cut.as_mut().poll(context).map(|()| Some(Err(Died.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.events.is_empty() && self.rest.as_ref().is_none_or(|rest| rest.body.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        let waiting = self.events.iter().map(|event| event.len() as u64).sum();
        match &self.rest {
            None => SizeHint::with_exact(waiting),
            Some(_) => SizeHint::default(),
        }
    }
}
