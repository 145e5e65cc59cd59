//! AgentgatewayModel.

use super::{Meta, ParentRef};
use serde::Deserialize;
use serde_json::{Map, Value};

/// An AgentgatewayModel.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct AgentgatewayModel {
    /// Metadata.
    pub metadata: Meta,
    /// Spec.
    pub spec: ModelSpec,
}

/// A model: of a provider, or a name for others.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ModelSpec {
    /// Listeners that offer it.
    pub parent_refs: Vec<ParentRef>,
    /// What clients ask for.
    #[serde(rename = "match")]
    pub wanted: ModelMatch,
    /// `Public` or `Internal`.
    pub visibility: Option<String>,
    /// Who has it: `OpenAI`, `Ollama`.
    pub provider: Option<String>,
    /// Where it is, `http://host:port/path`.
    #[serde(rename = "baseURL")]
    pub base_url: Option<String>,
    /// What happens to calls.
    pub policies: Map<String, Value>,
    /// Other models that it stands for.
    pub virtual_model: Option<VirtualSpec>,
    /// Everything else: settings of single providers.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// What clients ask for.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct ModelMatch {
    /// Name of the model, or a pattern with one `*`.
    pub model: Option<String>,
}

/// Other models that one stands for: exactly one field.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct VirtualSpec {
    /// By share.
    pub weighted: Option<VirtualTargetsSpec>,
    /// By condition.
    pub conditional: Option<VirtualTargetsSpec>,
    /// One after the other, which the reference gateway does not do.
    pub failover: Option<VirtualTargetsSpec>,
}

/// Targets.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct VirtualTargetsSpec {
    /// In order.
    pub targets: Vec<VirtualTargetSpec>,
}

/// A target.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct VirtualTargetSpec {
    /// The model in the same namespace.
    pub model_ref: super::backend::ServiceName,
    /// Name that the provider is asked for; left out: that of the model.
    pub model: Option<String>,
    /// Share.
    pub weight: Option<u32>,
    /// CEL.
    pub when: Option<String>,
}
