//! AgentgatewayPolicy.

use super::{LabelSelector, Meta, SecretRef};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An AgentgatewayPolicy.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AgentgatewayPolicy {
    /// Metadata.
    pub metadata: Meta,
    /// Spec.
    pub spec: PolicySpec,
}

/// What a policy says. The sections stand as they are: what of them is implemented is decided where they are read.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicySpec {
    /// Targets by name.
    pub target_refs: Vec<PolicyTargetRef>,
    /// Targets by labels.
    pub target_selectors: Vec<PolicyTargetSelector>,
    /// What happens to requests.
    pub traffic: Map<String, Value>,
    /// How backends are called.
    pub backend: Map<String, Value>,
    /// How connections are accepted and logged.
    pub frontend: Map<String, Value>,
    /// How it combines with others.
    pub strategy: Strategy,
}

/// How a policy combines with others.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Strategy {
    /// `Default` or `Override`.
    pub inheritance: Option<String>,
}

/// A target by name, in the policy's own namespace.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyTargetRef {
    /// API group.
    pub group: String,
    /// Kind.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Listener or rule.
    pub section_name: Option<String>,
}

/// Targets by labels.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PolicyTargetSelector {
    /// API group.
    pub group: String,
    /// Kind.
    pub kind: String,
    /// Labels.
    pub match_labels: BTreeMap<String, String>,
    /// Listener or rule.
    pub section_name: Option<String>,
}

/// `traffic.apiKeyAuthentication`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApiKeyAuthentication {
    /// `Strict` (the default), `Optional` or `Permissive`.
    pub mode: Option<String>,
    /// One Secret.
    pub secret_ref: Option<SecretRef>,
    /// Secrets by labels; replaces `secretRef`.
    pub secret_selector: Option<LabelSelector>,
    /// Where the key is read from.
    pub location: Option<Value>,
    /// Everything else.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// An entry of `traffic.rateLimit.local`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct RateLimitEntry {
    /// Requests a unit.
    pub requests: Option<u64>,
    /// Tokens of models a unit.
    pub tokens: Option<u64>,
    /// Requests above.
    pub burst: Option<u64>,
    /// `Seconds`, `Minutes` or `Hours`.
    pub unit: String,
}

/// `traffic.cors`, and the HTTPRoute filter of the same shape.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CorsSpec {
    /// Origins.
    pub allow_origins: Vec<String>,
    /// Methods.
    pub allow_methods: Vec<String>,
    /// Request headers.
    pub allow_headers: Vec<String>,
    /// Response headers.
    pub expose_headers: Vec<String>,
    /// Credentials.
    pub allow_credentials: bool,
    /// Seconds.
    pub max_age: Option<u32>,
}
