//! A sink for OpenTelemetry, over gRPC and over HTTP with protocol buffers or JSON. What arrives is kept in plain JSON, bounded
//! in memory, and can be asked for.

mod arrive;
mod batch;
mod check;
mod controls;
mod export;
mod http;
mod json;
mod logs;
mod metrics;
mod outcome;
mod ring;
mod shown;
mod store;
mod traces;
mod values;

pub(super) use controls::controls;
pub(super) use export::router;
pub(super) use http::{refuse, router as http_router};
pub(super) use shown::shown;
pub(super) use store::Sink;
