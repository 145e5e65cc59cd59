//! From what was resolved to what will be done: steps, edges, fingerprints. A plan is a value; making it changes nothing.

mod build;
mod cluster_steps;
mod error;
mod graph;
mod mocks;
mod names;
mod planned;
mod render;
mod step;

pub use build::plan_of;
pub use error::PlanError;
pub use graph::{CycleError, check_order};
pub use names::{MOCKS_ADMIN_NODE_PORT, MOCKS_NAMESPACE, SANDBOX_NAMESPACE, SET_LABEL};
pub use planned::{Plan, PlannedStep, StepId};
pub use render::{PlanFormat, render};
pub use step::{
    AccessSpec, ChartRelease, DefinitionSet, HostQuestion, ImageSet, LoadSet, MockSet, ObjectSet, Probe, SelfImageSpec,
    Step, TrafficProof,
};
