//! Models that a listener offers by name (AgentgatewayModel).

use super::Backend;
use std::sync::Arc;

/// Everything that a listener offers.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Models {
    /// Models of providers; of two that fit a name the first counts.
    pub models: Vec<Model>,
    /// Names that lead to one of those.
    pub virtuals: Vec<VirtualModel>,
}

/// A model of a provider.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct Model {
    /// `gpt-x`, `gpt-*`, `*-latest` or `*`.
    pub name: String,
    /// Seconds since the epoch of its creation.
    pub created: i64,
    /// `visibility: Internal`: only virtual models lead to it.
    pub internal: bool,
    /// Where it is.
    pub backend: Arc<Backend>,
}

/// A name that leads to a model.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct VirtualModel {
    /// The name.
    pub name: String,
    /// Seconds since the epoch of its creation.
    pub created: i64,
    /// How it leads there.
    pub targets: VirtualTargets,
}

/// How a virtual model finds its target.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum VirtualTargets {
    /// By share: model and weight.
    Weighted(Vec<(String, u32)>),
    /// The first whose condition, CEL, is true: model and condition.
    Conditional(Vec<(String, Option<String>)>),
}
