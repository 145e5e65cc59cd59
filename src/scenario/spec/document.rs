//! A scenario as it is written.

use super::when::StepDocument;
use crate::canonical::{Backend, GatewaySpec, Policy, Route, Wiring};
use crate::exchange::Behaviour;
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Document {
    pub schema: String,
    pub kind: String,
    pub id: String,
    pub title: String,
    pub source: Vec<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub requires: Requires,
    #[serde(default)]
    pub given: Given,
    pub steps: Vec<StepDocument>,
}

/// Where a scenario can run at all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Requires {
    /// A release line, `agentgateway-1.4`.
    pub line: Option<String>,
    /// A range of releases, `1.2..1.5`: from, and before; either may be left out.
    pub release: Option<String>,
    /// What the gateway must be able to do, `rate-limit.local`; a word for readers and for lists.
    pub capability: Option<String>,
    /// `real`: a cluster with nodes and pods; `any`.
    pub cluster: Option<Reality>,
    /// `real`: agentgateway itself; `any`: the reference gateway too.
    pub gateway: Option<Reality>,
}

/// Whether only the real thing will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reality {
    /// Only the real one.
    Real,
    /// Anything that behaves like it.
    Any,
}

/// What is there before the first step.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Given {
    /// Backends by name.
    pub backends: IndexMap<String, Backend>,
    /// Routes to them.
    pub routes: Vec<Route>,
    /// Policies on them.
    pub policies: Vec<Policy>,
    /// Gateways of the scenario's own; routes attach to the first one instead of the sandbox's.
    pub gateways: Vec<GatewaySpec>,
    /// Objects as they are; one without a namespace gets the scenario's.
    pub manifests: Vec<Value>,
    /// How mocks behave that no backend names, by mock.
    pub mocks: IndexMap<String, Behaviour>,
}

impl Given {
    /// The part that is written in the short form.
    pub fn wiring(&self) -> Wiring {
        Wiring { backends: self.backends.clone(), routes: self.routes.clone(), policies: self.policies.clone() }
    }
}
