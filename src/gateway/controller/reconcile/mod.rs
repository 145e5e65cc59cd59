//! From a snapshot to what should be: the routing table, conditions and generated objects. Pure: no clock, no network.

mod api_key;
mod attachment;
mod backend;
mod class;
mod condition;
mod delegation;
mod desired;
mod direct;
mod duration;
mod filter;
mod gateway;
mod grant;
mod hostname;
mod listener;
mod llm;
mod mcp;
mod model;
mod policy;
mod policy_book;
mod policy_status;
mod refs;
mod route;
mod secret;
mod service;
mod settle;

#[cfg(test)]
mod tests;

pub use desired::{BoundPorts, Desired, Settings, reconcile};
pub use settle::settle;

pub(super) use class::is_ours;
pub(super) use duration::parse as parse_duration;
