//! Backends, routes and policies together.

use super::{Backend, Policy, Route};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What a profile, a scenario or a repro wires up behind a gateway.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Wiring {
    /// Backends by name.
    pub backends: IndexMap<String, Backend>,
    /// Routes to them.
    pub routes: Vec<Route>,
    /// Policies on them.
    pub policies: Vec<Policy>,
}
