//! The reference gateway's proxy, running, between small clients and small upstreams.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod callouts;
mod fixture;
mod llm;
mod mcp;
mod mutants;
mod policies;
mod ports;
mod routing;
mod tables;
