//! Which mutant of the gateway kills which scenario.

use serde::Serialize;

/// All scenarios and all mutants.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Matrix {
    /// Scenarios.
    pub scenarios: Vec<AuditedScenario>,
    /// Mutants.
    pub mutants: Vec<AuditedMutant>,
    /// How long it took.
    pub seconds: f64,
}

/// A scenario, and who kills it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditedScenario {
    /// Its id.
    pub id: String,
    /// What it requires of the gateway.
    pub capability: String,
    /// Why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
    /// Whether it passes without a mutant.
    pub healthy: bool,
    /// Mutants that kill it; broad ones do not count.
    pub killers: Vec<String>,
    /// Whether one of them is of its own capability.
    pub own: bool,
}

/// A mutant, and whom it kills.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditedMutant {
    /// Its name.
    pub name: String,
    /// What it does wrong.
    pub about: String,
    /// The scenarios that it was made for.
    pub names: Vec<String>,
    /// The scenarios that it kills.
    pub kills: Vec<String>,
    /// Whether it kills so many that it says nothing.
    pub broad: bool,
}

impl Matrix {
    /// Mutants that nobody notices.
    pub fn survivors(&self) -> impl Iterator<Item = &AuditedMutant> {
        self.mutants.iter().filter(|mutant| mutant.kills.is_empty())
    }

    /// Scenarios that no mutant of their own capability kills, or that fail without one.
    pub fn idle(&self) -> impl Iterator<Item = &AuditedScenario> {
        self.scenarios.iter().filter(|row| row.skipped.is_none() && !(row.healthy && row.own))
    }

    /// Whether every scenario can fail and every mutant is noticed.
    pub fn is_complete(&self) -> bool {
        self.survivors().next().is_none() && self.idle().next().is_none()
    }
}
