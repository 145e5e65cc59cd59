//! Conformance scenarios: what is asked of a gateway, and how it is judged.

mod catalogue;
mod error;
pub mod expect;
mod run;
mod shard;
pub mod spec;

pub use catalogue::Catalogue;
pub use error::ScenarioError;
pub use run::{
    MOCKS_NAMESPACE, ONE_GATEWAY, Observations, RunOptions, SCENARIO_LABEL, Target, TargetFacts, Ways, manifests,
    reason_to_skip, run,
};
pub use shard::{Costs, Shard, shard};
pub use spec::Scenario;
