//! From what was resolved to what will be done: steps, edges, fingerprints. A plan is a value; making it changes nothing.

mod build;
mod error;
mod graph;
mod host_service;
mod planned;
mod render;
mod step;

pub use build::{MOCKS_ADMIN_NODE_PORT, MOCKS_NAMESPACE, SANDBOX_NAMESPACE, SET_LABEL, plan_of};
pub use error::PlanError;
pub use graph::{CycleError, check_order};
pub use planned::{Plan, PlannedStep, StepId};
pub use render::{PlanFormat, render};
pub use step::{
    AccessSpec, DefinitionSet, HostQuestion, HostServiceSpec, MockSet, ObjectSet, Probe, SelfImageSpec, Step,
    TrafficProof,
};
