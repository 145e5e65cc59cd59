//! The body of an answer on its way out.

use super::memory::KnownBody;
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
    source: Source,
    ticket: Ticket,
    is_in_pieces: bool,
    has_yielded: bool,
}

/// Where the bytes come from.
enum Source {
    Body(Body),
    Known(KnownBody),
}

impl Source {
    fn poll_frame(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self {
            Self::Body(body) => Pin::new(body).poll_frame(context),
            Self::Known(known) => Poll::Ready(known.take_piece().map(|piece| Ok(Frame::data(piece)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Body(body) => body.is_end_stream(),
            Self::Known(known) => known.is_over(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Body(body) => body.size_hint(),
            Self::Known(known) => known.size().map_or_else(SizeHint::default, SizeHint::with_exact),
        }
    }
}

impl SentBody {
    /// The body of a known answer, sent as fast as it can.
    pub(super) fn known(known: KnownBody, mut ticket: Ticket, is_head: bool) -> Self {
        ticket.sending_of(known.whole());
        Self::of(Source::Known(known), ticket, is_head, false)
    }

    pub(super) fn new(body: Body, ticket: Ticket, is_head: bool, is_in_pieces: bool) -> Self {
        Self::of(Source::Body(body), ticket, is_head, is_in_pieces)
    }

    fn of(source: Source, mut ticket: Ticket, is_head: bool, is_in_pieces: bool) -> Self {
        // Nothing asks for an empty body, so it has to be complete from the start.
        if is_head || source.is_end_stream() {
            ticket.end(Outcome::Complete);
        }
        Self { source, ticket, is_in_pieces, has_yielded: true }
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
        let frame = match ready!(self.source.poll_frame(context)) {
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
        if self.source.is_end_stream() {
            self.ticket.end(Outcome::Complete);
        }
        Poll::Ready(Some(Ok(frame)))
    }

    fn is_end_stream(&self) -> bool {
        self.source.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.source.size_hint()
    }
}
