//! What is done to objects in the cluster.

use crate::canonical::{Backend, Policy, Route};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// A look at an object. It is repeated until all expectations hold or `within` is over: a controller takes its time.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ReadCall {
    /// Kind, `HTTPRoute`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Namespace; left out: the scenario's.
    pub namespace: Option<String>,
    /// How long the controller may take; left out: 2 s.
    pub within: Option<String>,
}

/// Objects that are added or changed. The short form may speak of what was given before.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ApplyCall {
    /// Backends by name; one that was given before is replaced.
    pub backends: IndexMap<String, Backend>,
    /// Further routes.
    pub routes: Vec<Route>,
    /// Further policies.
    pub policies: Vec<Policy>,
    /// Objects as they are; one without a namespace gets the scenario's.
    pub manifests: Vec<Value>,
    /// What the cluster does with fields that it does not know.
    pub validation: Validation,
}

/// What the cluster does with fields that it does not know.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validation {
    /// It refuses the object.
    #[default]
    Strict,
    /// It drops them in silence.
    Ignore,
}

/// An object that is taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ObjectName {
    /// Kind, `HTTPRoute`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Namespace; left out: the scenario's.
    pub namespace: Option<String>,
}
