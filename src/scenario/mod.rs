//! Conformance scenarios: what is asked of a gateway, and how it is judged.

mod catalogue;
mod error;
pub mod expect;
mod run;
pub mod spec;

pub use catalogue::Catalogue;
pub use error::ScenarioError;
pub use run::{
    MOCKS_NAMESPACE, Observations, RunOptions, SCENARIO_LABEL, Target, TargetFacts, Ways, reason_to_skip, run,
};
pub use spec::Scenario;
