//! Kinds of Kubernetes itself.

use super::Meta;
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// A Secret. `Debug` does not show its data.
#[derive(Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Secret {
    /// Metadata.
    pub metadata: Meta,
    /// Entries, in base64.
    pub data: BTreeMap<String, String>,
}

impl Secret {
    /// An entry as text. `None` where it is missing or no UTF-8.
    pub fn text(&self, key: &str) -> Option<String> {
        let bytes = BASE64_STANDARD.decode(self.data.get(key)?).ok()?;
        String::from_utf8(bytes).ok()
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Secret({})", self.metadata.object_name())
    }
}

/// A Service.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Service {
    /// Metadata.
    pub metadata: Meta,
    /// Spec.
    pub spec: ServiceSpec,
    /// Status, as it stands.
    pub status: Value,
}

/// What a Service says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServiceSpec {
    /// Type; left out: ClusterIP.
    pub r#type: Option<String>,
    /// Cluster IP, or `None`.
    #[serde(rename = "clusterIP")]
    pub cluster_ip: Option<String>,
    /// Target of an ExternalName.
    pub external_name: Option<String>,
    /// Ports.
    pub ports: Vec<ServicePort>,
}

/// A port of a Service.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ServicePort {
    /// Name.
    pub name: String,
    /// Port.
    pub port: u16,
    /// What is spoken there.
    pub app_protocol: Option<String>,
}

/// A list, empty where the API server writes `null`: it does for lists of EndpointSlices that have no items.
fn none_is_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// An EndpointSlice.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct EndpointSlice {
    /// Metadata.
    pub metadata: Meta,
    /// Endpoints.
    #[serde(deserialize_with = "none_is_empty")]
    pub endpoints: Vec<Endpoint>,
    /// Ports.
    #[serde(deserialize_with = "none_is_empty")]
    pub ports: Vec<EndpointPort>,
}

/// An endpoint.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Endpoint {
    /// IP addresses.
    #[serde(deserialize_with = "none_is_empty")]
    pub addresses: Vec<String>,
    /// Conditions.
    pub conditions: EndpointConditions,
}

/// Conditions of an endpoint.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct EndpointConditions {
    /// Whether it takes requests; left out: yes.
    pub ready: Option<bool>,
}

/// A port of endpoints.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct EndpointPort {
    /// Name, equal to that of the Service's port.
    pub name: Option<String>,
    /// Port.
    pub port: Option<u16>,
}

/// A Namespace.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Namespace {
    /// Metadata.
    pub metadata: Meta,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slice_without_endpoints_is_understood_as_the_api_server_writes_it() {
        let slice = serde_json::json!({"metadata": {"name": "s"}, "endpoints": null, "ports": null});
        let slice: EndpointSlice = serde_json::from_value(slice).unwrap();
        assert_eq!((slice.endpoints, slice.ports), (vec![], vec![]));
    }
}
