//! What a rendering needs beside the wiring, and what it gives.

use crate::canonical::{KeySource, words::Authority};
use crate::exchange::Behaviour;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Where and for whom a wiring is rendered.
#[derive(Debug, Clone)]
pub struct RenderContext {
    /// Release line, `agentgateway-1.4`.
    pub line: String,
    /// Namespace of every object.
    pub namespace: String,
    /// The Gateway that routes attach to.
    pub gateway: GatewayRef,
    /// Host names of routes that name none; empty: any.
    pub hosts: Vec<String>,
    /// Where mocks are.
    pub mocks: MockHosts,
}

/// A Gateway by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct GatewayRef {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
}

/// Where the Services of mocks are: `<mock>.<namespace>.svc.cluster.local`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MockHosts {
    /// Namespace of the Services.
    pub namespace: String,
    /// Their port.
    pub port: u16,
}

impl MockHosts {
    /// Mocks whose Services are in this namespace, on port 80.
    pub fn in_namespace(namespace: impl Into<String>) -> Self {
        Self { namespace: namespace.into(), port: 80 }
    }

    pub(super) fn authority(&self, mock: &str) -> Authority {
        Authority { host: format!("{mock}.{}.svc.cluster.local", self.namespace), port: self.port }
    }
}

/// A rendered wiring.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rendered {
    /// Objects in the order in which they may be applied; Secrets are not among them.
    pub objects: Vec<Value>,
    /// Secrets that the objects name; their values are found where the key sources say, by whoever applies them.
    pub secrets: Vec<SecretSpec>,
    /// How mocks behave, by name.
    pub behaviours: Vec<(String, Behaviour)>,
    /// Every mock that is needed, by name, in order of first use.
    pub mocks: Vec<String>,
}

/// A Secret without its values.
#[derive(Debug, Clone, PartialEq, Serialize, Eq)]
pub struct SecretSpec {
    /// Its namespace.
    pub namespace: String,
    /// Its name.
    pub name: String,
    /// Where the value of each key comes from.
    pub data: IndexMap<String, KeySource>,
}
