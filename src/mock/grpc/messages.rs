//! The messages of a client, one after the other.

use super::call::Call;
use super::compressed::{Unpack, gunzip};
use crate::wire::grpc::{Decoder, FrameError, Message};
use axum::body::Body;
use http_body_util::BodyExt;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use tonic::Status;

/// The longest message that is taken, in bytes: what gRPC servers take unless they are told otherwise.
pub(super) const LONGEST_MESSAGE: usize = 4 * 1024 * 1024;
/// How long a client may be silent.
const LONGEST_SILENCE: Duration = Duration::from_secs(600);

/// The messages of a client on their way in.
pub(super) struct Messages {
    body: Body,
    decoder: Decoder,
    is_gzip: bool,
    deadline: Option<Instant>,
}

impl Messages {
    /// The messages of a call; the error says that they are compressed in a way that is not known.
    pub(super) fn of(call: &Call, body: Body) -> Result<Self, Status> {
        let encoding = call.headers.get("grpc-encoding").map(|value| value.as_bytes()).unwrap_or(b"identity");
        let is_gzip = match encoding {
            b"identity" => false,
            b"gzip" => true,
            other => {
                let other = String::from_utf8_lossy(other);
                return Err(Status::unimplemented(format!("the encoding {other} is not supported")));
            }
        };
        let deadline = call.timeout().and_then(|timeout| Instant::now().checked_add(timeout));
        Ok(Self { body, decoder: Decoder::new(LONGEST_MESSAGE), is_gzip, deadline })
    }

    /// The next one; `None` when the client has said all.
    pub(super) async fn next<M: prost::Message + Default>(&mut self) -> Result<Option<M>, Status> {
        loop {
            if let Some(message) = self.decoder.message().map_err(broken)? {
                let bytes = self.plain(message)?;
                let decoded = M::decode(&bytes[..]);
                return decoded.map(Some).map_err(|error| Status::internal(format!("failed to decode: {error}")));
            }
            match self.piece().await? {
                Some(piece) => self.decoder.push(&piece),
                None if self.decoder.is_inside_message() => {
                    return Err(Status::internal("the request ends inside a message"));
                }
                None => return Ok(None),
            }
        }
    }

    async fn piece(&mut self) -> Result<Option<bytes::Bytes>, Status> {
        let silence = Instant::now() + LONGEST_SILENCE;
        let until = self.deadline.map_or(silence, |deadline| deadline.min(silence));
        loop {
            let frame = timeout_at(until, self.body.frame());
            match frame.await.map_err(|_| Status::deadline_exceeded("the next message did not arrive in time"))? {
                None => return Ok(None),
                // Trailers of a client mean nothing.
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(piece) => return Ok(Some(piece)),
                    Err(_) => continue,
                },
                Some(Err(_)) => return Err(Status::cancelled("the request was broken off")),
            }
        }
    }

    fn plain(&self, message: Message) -> Result<Vec<u8>, Status> {
        match (message.is_compressed, self.is_gzip) {
            (false, _) => Ok(message.bytes.into()),
            (true, false) => {
                Err(Status::internal("a message has its compressed flag set, but no grpc-encoding is given"))
            }
            (true, true) => gunzip(&message.bytes, LONGEST_MESSAGE).map_err(|unpack| match unpack {
                Unpack::Broken => Status::internal("a message is not the gzip that it says it is"),
                Unpack::TooLong => too_long(&format!("a message unpacks to more than {LONGEST_MESSAGE} bytes")),
            }),
        }
    }
}

fn broken(error: FrameError) -> Status {
    match error {
        FrameError::Flag(_) => Status::internal(error.to_string()),
        FrameError::TooLong { .. } => too_long(&error.to_string()),
    }
}

/// Source: grpc/doc/statuscodes.md, "Request message too large".
fn too_long(words: &str) -> Status {
    Status::resource_exhausted(words)
}
