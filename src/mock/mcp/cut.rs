//! An answer that ends in the middle when somebody behind it says so.

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// Ends the connection of its request. It is an extension of every request.
#[derive(Debug, Clone, Default)]
pub(super) struct Cut(CancellationToken);

impl Cut {
    /// The connection ends now, whatever was sent.
    pub(super) fn now(&self) {
        self.0.cancel();
    }
}

/// The error that makes the connection end.
#[derive(Debug, thiserror::Error)]
#[error("The tool died.")]
struct Died;

struct CutBody {
    body: Body,
    cut: Pin<Box<WaitForCancellationFutureOwned>>,
}

/// Gives the request its [`Cut`].
pub(super) async fn cut(mut request: Request, next: Next) -> Response {
    let cut = Cut::default();
    request.extensions_mut().insert(cut.clone());
    let response = next.run(request).await;
    response.map(|body| {
        // An answer that is whole already cannot be cut.
        if body.size_hint().exact().is_some() {
            return body;
        }
        Body::new(CutBody { body, cut: Box::pin(cut.0.cancelled_owned()) })
    })
}

impl HttpBody for CutBody {
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        // What was said before goes out first.
        if let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) {
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        self.cut.as_mut().poll(context).map(|()| Some(Err(Died.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
