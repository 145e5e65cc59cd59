//! The body of a request that is recorded while the mock reads it.

use crate::mock::recorder::Receiving;
use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt;
use http_body_util::{BodyExt, BodyStream, StreamBody};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::timeout;

/// How long is waited for the first piece before a fault answers in place of the mock.
const FIRST_PIECE: Duration = Duration::from_secs(5);

/// A body that tells the recorder what arrives of it.
pub(super) struct ReceivedBody {
    body: Body,
    receiving: Receiving,
}

impl ReceivedBody {
    /// The body as the mock gets it.
    pub(super) fn new(body: Body, receiving: Receiving) -> Self {
        Self { body, receiving }
    }
}

/// The body after its first piece has been received.
pub(super) async fn begun(mut body: Body) -> Body {
    // What does not come, or breaks, is seen again by whoever reads the body.
    let Ok(Some(Ok(first))) = timeout(FIRST_PIECE, body.frame()).await else { return body };
    let rest = BodyStream::new(body);
    Body::new(StreamBody::new(futures_util::stream::iter([Ok(first)]).chain(rest)))
}

impl HttpBody for ReceivedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(bytes) = frame.data_ref()
        {
            self.receiving.add(bytes);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
