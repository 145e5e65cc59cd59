//! The one body type of both directions.

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt, stream};
use http_body_util::{BodyExt, LengthLimitError, Limited, StreamBody};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use std::{
    pin::Pin,
    task::{Context, Poll},
};

/// An error inside a body.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A request or response body; what arrives is passed on without a detour through the heap.
pub enum Body {
    /// Bytes at hand; `None` once they were read.
    Full(Option<Bytes>),
    /// What the other side sends, as it arrives.
    Incoming(Incoming),
    /// What the proxy makes of what arrives.
    Stream(Pin<Box<dyn HttpBody<Data = Bytes, Error = BoxError> + Send>>),
}

impl std::fmt::Debug for Body {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Body(…)")
    }
}

/// Why a body could not be read into memory.
#[derive(Debug)]
pub enum CollectError {
    /// It is longer than allowed.
    TooLarge,
    /// The sender stopped.
    Broken(String),
}

impl Body {
    /// A body without bytes.
    pub fn empty() -> Self {
        Self::Full(None)
    }

    /// A body made of pieces that come one by one.
    pub fn from_stream(pieces: impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static) -> Self {
        Self::Stream(Box::pin(StreamBody::new(pieces.map(|piece| piece.map(Frame::data)))))
    }

    /// All bytes, if they are `limit` at most.
    pub async fn collect(self, limit: usize) -> Result<Bytes, CollectError> {
        if let Self::Full(bytes) = self {
            return Ok(bytes.unwrap_or_default());
        }
        match Limited::new(self, limit).collect().await {
            Ok(collected) => Ok(collected.to_bytes()),
            Err(error) if error.is::<LengthLimitError>() => Err(CollectError::TooLarge),
            Err(error) => Err(CollectError::Broken(error.to_string())),
        }
    }

    /// All bytes, if they are `limit` at most; otherwise the same body again, with what was read in front.
    pub async fn read_ahead(mut self, limit: usize) -> Result<Bytes, Self> {
        let mut read = BytesMut::new();
        loop {
            match self.frame().await {
                None => return Ok(read.freeze()),
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => read.extend_from_slice(&data),
                    // Trailers of a request are rare, and end it.
                    Err(_) => return Ok(read.freeze()),
                },
                Some(Err(error)) => {
                    let pieces = stream::iter([Ok(read.freeze()), Err(error)]);
                    return Err(Self::from_stream(pieces));
                }
            }
            if read.len() > limit {
                let front = stream::iter([Ok(read.freeze())]);
                return Err(Self::from_stream(front.chain(self.into_pieces())));
            }
        }
    }

    /// The bytes as they arrive, without trailers.
    pub fn into_pieces(self) -> impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static {
        http_body_util::BodyStream::new(self)
            .filter_map(|frame| std::future::ready(frame.map(|frame| frame.into_data().ok()).transpose()))
    }
}

impl<T: Into<Bytes>> From<T> for Body {
    fn from(bytes: T) -> Self {
        Self::Full(Some(bytes.into()))
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        match &mut *self {
            Self::Full(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Self::Incoming(body) => Pin::new(body).poll_frame(context).map_err(Into::into),
            Self::Stream(body) => body.as_mut().poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Full(bytes) => bytes.as_ref().is_none_or(Bytes::is_empty),
            Self::Incoming(body) => body.is_end_stream(),
            Self::Stream(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Full(bytes) => SizeHint::with_exact(bytes.as_ref().map_or(0, Bytes::len) as u64),
            Self::Incoming(body) => body.size_hint(),
            Self::Stream(body) => body.size_hint(),
        }
    }
}
