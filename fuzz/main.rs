//! Fuzz targets; `AGW_FUZZ_TARGET` names the one that runs. `scripts/fuzz` builds and runs them.
//!
//! A target fails when it panics, or when what it looks at breaks a promise.

#![no_main]

mod event_stream;
mod grpc;
mod json_rpc;
mod mcp;
mod oauth;
mod otlp;
mod requests;
mod signature;
mod sse;

use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 9] = [
    ("requests", requests::run),
    ("signature", signature::run),
    ("event_stream", event_stream::run),
    ("sse", sse::run),
    ("json_rpc", json_rpc::run),
    ("mcp", mcp::run),
    ("grpc", grpc::run),
    ("otlp", otlp::run),
    ("oauth", oauth::run),
];

static CHOSEN: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::var("AGW_FUZZ_TARGET").unwrap_or_default();
    let found = TARGETS.iter().find(|(known, _)| *known == name);
    found.map(|(_, target)| *target).unwrap_or_else(|| panic!("AGW_FUZZ_TARGET is one of {:?}", TARGETS.map(|t| t.0)))
});

fuzz_target!(|bytes: &[u8]| CHOSEN(bytes));
