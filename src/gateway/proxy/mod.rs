//! The proxy: serves the routing table.

mod ai;
mod balance;
mod body;
mod call;
mod connection;
mod cors;
mod delegate;
mod direct;
mod directory;
mod events;
mod expression;
mod failover;
mod filter;
mod gates;
mod grpc_refusal;
mod headers;
mod host;
mod llm;
mod matcher;
mod mcp;
mod models;
mod names;
mod options;
mod plain;
mod port;
mod precedence;
mod rate_limit;
mod redirect;
mod refusal;
mod release;
mod retry;
mod run;
mod scope;
mod serve;
mod shared;
mod telemetry;
mod upstream;

pub(in crate::gateway) use release::is_since;

pub use options::{ProxyOptions, SessionKey};
pub use run::{Bound, run};
pub use telemetry::{LogTarget, Telemetry, serve_stats, write_log};
