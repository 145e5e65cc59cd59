//! The body of an answer on its way out.

use crate::exchange::Outcome;
use crate::mock::recorder::Ticket;
use axum::body::Body;
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

/// A body that tells the recorder what was sent of it.
///
/// The mocks hand over each event of a stream as one piece. Between two pieces of an answer that is played the body
/// yields once, so that the connection writes each of them out on its own.
pub(super) struct SentBody {
    body: Body,
    ticket: Ticket,
    is_in_pieces: bool,
    has_yielded: bool,
}

impl SentBody {
    pub(super) fn new(body: Body, mut ticket: Ticket, is_head: bool, is_in_pieces: bool) -> Self {
        // Nothing asks for an empty body, so it has to be complete from the start.
        if is_head || body.is_end_stream() {
            ticket.end(Outcome::Complete);
        }
        Self { body, ticket, is_in_pieces, has_yielded: true }
    }
}

impl HttpBody for SentBody {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if !self.has_yielded {
            self.has_yielded = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
            Some(Ok(frame)) => frame,
            Some(Err(failure)) => {
                self.ticket.end(Outcome::CutByUs);
                return Poll::Ready(Some(Err(failure.into())));
            }
            None => {
                self.ticket.end(Outcome::Complete);
                return Poll::Ready(None);
            }
        };
        if let Some(bytes) = frame.data_ref() {
            self.ticket.sending(bytes);
            self.has_yielded = !self.is_in_pieces;
        }
        if let Some(trailers) = frame.trailers_ref() {
            self.ticket.trailing(trailers);
            // Nothing comes behind them, and nobody asks whether it does.
            self.ticket.end(Outcome::Complete);
        }
        if self.body.is_end_stream() {
            self.ticket.end(Outcome::Complete);
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
