//! A local sandbox for the AI gateway agentgateway on Kubernetes.
//!
//! The data's way is profile → resolve → plan → execute → verify → report. Each room below owns one part of it and may
//! import only from the rooms that `tests/integration/house.rs` allows.

pub mod canonical;
pub mod chart;
pub mod check;
pub mod cli;
pub mod cluster;
pub mod embedded;
pub mod event;
pub mod exchange;
pub mod execute;
pub mod forward;
pub mod gateway;
pub mod host;
pub mod image;
pub mod mock;
pub mod plan;
pub mod process;
pub mod profile;
pub mod provider;
pub mod release;
pub mod report;
pub mod resolve;
pub mod sandbox;
pub mod scenario;
pub mod serve;
pub mod wire;
