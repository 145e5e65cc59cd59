//! Framing that both sides of a connection need.

pub mod event_stream;
pub mod grpc;
pub mod sse;
