//! An upstream that answers with everything that it received: over HTTP/1.1 and HTTP/2, as gRPC, as WebSocket, with and
//! without TLS.

mod certificate;
mod describe;
mod grpc;
mod refusal;
mod router;
mod shown;
mod socket;

pub(super) use refusal::refuse;
pub(super) use router::router;
pub(super) use shown::shown;
