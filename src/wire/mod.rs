//! Framing that both sides of a connection need.

pub mod event_stream;
pub mod sse;
