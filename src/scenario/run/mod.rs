//! Scenarios against a target.

mod client;
mod converge;
mod given;
mod kinds;
mod mcp;
mod objects;
mod order;
mod pool;
mod prepare;
mod request;
mod requirement;
mod target;
mod trial;
mod wait;

pub use given::{MOCKS_NAMESPACE, SCENARIO_LABEL};
pub use pool::run;
pub use requirement::reason_to_skip;
pub use target::{RunOptions, Target, TargetFacts, Ways};
