//! What a request passes between its route and its backend. Source: `apply_request_policies` of agentgateway 1.4.1 for
//! the order, facts/proxy.md 4 for the answers.

mod api_key;
mod authorization;
mod basic;
mod chain;
mod csrf;
mod ext_auth;
mod ext_proc;
mod global_limit;
mod grpc;
mod jwt;
mod location;
mod mcp_login;
mod md5_crypt;
mod passage;
mod transform;

pub use api_key::{bearer, bearer_token};
pub use chain::pass;
pub use global_limit::TokenReport;
