//! Scenarios against a target.

mod attempt;
mod change;
mod client;
mod converge;
mod evidence;
mod given;
mod kinds;
mod look;
mod mcp;
mod mcp_suite;
mod objects;
mod observations;
mod observe;
mod order;
mod outcome;
mod pool;
mod prepare;
mod reader;
mod request;
mod requirement;
mod target;
mod traffic;
mod trial;
mod wait;

pub use given::{MOCKS_NAMESPACE, SCENARIO_LABEL, manifests};
pub use observations::Observations;
pub use pool::run;
pub use requirement::{ONE_GATEWAY, reason_to_skip};
pub use target::{RunOptions, Target, TargetFacts, Ways};
