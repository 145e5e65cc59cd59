//! The body of an answer, watched for its end.

use super::Account;
use crate::gateway::proxy::body::{Body, BoxError};
use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

/// Passes a body on and settles the account of its request before the last byte goes out: who has read an answer finds it
/// counted.
pub struct Watched {
    body: Body,
    account: Account,
    bytes: u64,
}

impl Watched {
    /// A body that settles an account.
    pub fn body(body: Body, account: Account) -> Body {
        if body.is_end_stream() {
            account.settle();
            return body;
        }
        Body::Stream(Box::pin(Self { body, account, bytes: 0 }))
    }
}

impl HttpBody for Watched {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(data) = frame.as_ref().and_then(|frame| frame.as_ref().ok()?.data_ref()) {
            self.bytes = self.bytes.saturating_add(data.len() as u64);
        }
        let ends = match &frame {
            Some(Ok(_)) => self.body.is_end_stream(),
            Some(Err(_)) | None => true,
        };
        if matches!(frame, Some(Err(_))) {
            self.account.broke_off();
        }
        if ends {
            let bytes = self.bytes;
            self.account.note(|facts| facts.bytes = bytes);
            self.account.settle();
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
