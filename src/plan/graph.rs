//! The order of a plan.

use super::{Plan, StepId};
use miette::Diagnostic;
use std::collections::HashSet;
use thiserror::Error;

/// A plan whose steps could never all run.
#[derive(Debug, Error, Diagnostic)]
#[error("step {step} needs {needs}, which does not come before it")]
#[diagnostic(code("PLAN-01"), help("this is a bug in agw-sandbox"))]
pub struct CycleError {
    /// The step.
    pub step: StepId,
    /// What it waits for in vain.
    pub needs: StepId,
}

/// Checks that every step comes after all that it needs, which also excludes cycles.
pub fn check_order(plan: &Plan) -> Result<(), CycleError> {
    let mut before = HashSet::new();
    for step in &plan.steps {
        if let Some(needs) = step.needs.iter().find(|need| !before.contains(*need)) {
            return Err(CycleError { step: step.id.clone(), needs: needs.clone() });
        }
        before.insert(&step.id);
    }
    Ok(())
}
