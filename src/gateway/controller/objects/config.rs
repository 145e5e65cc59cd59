//! ServiceAccount, ConfigMaps and the session key of a Gateway.

use super::{generate::Making, merge::merge};
use crate::gateway::controller::{
    reconcile::Settings,
    resource::{Kind, Meta, ObjectKey, Snapshot},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The ClusterRole of proxies, made when the gateway is installed.
const PROXY_ROLE: &str = "agw-sandbox-proxy";

/// The label that tells to which Gateway a cluster-wide object belongs.
pub(super) const GATEWAY_UID: &str = "agw-sandbox.dev/gateway-uid";

/// What stands for the authority of a configuration server.
const NO_AUTHORITY: &str = "# The reference gateway has no configuration server: there is no authority to trust.\n";

/// The ServiceAccount.
pub(super) fn service_account(making: &Making<'_>) -> Value {
    let mut account = json!({
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": making.metadata(""),
        "automountServiceAccountToken": false,
    });
    merge(&mut account, &making.parameters["serviceAccount"]);
    account
}

/// Lets the proxy read what its table is computed from. A ClusterRoleBinding cannot be owned by a Gateway; its label tells
/// when it has to go.
pub(super) fn permission(making: &Making<'_>) -> Value {
    let Meta { name, namespace, uid, .. } = &making.gateway.metadata;
    let mut metadata = making.session_metadata();
    metadata["name"] = format!("{PROXY_ROLE}:{namespace}:{name}").into();
    metadata["labels"][GATEWAY_UID] = uid.as_str().into();
    if let Some(metadata) = metadata.as_object_mut() {
        metadata.shift_remove("namespace");
        metadata.shift_remove("ownerReferences");
    }
    json!({
        "apiVersion": Kind::ClusterRoleBinding.api_version(),
        "kind": Kind::ClusterRoleBinding.name(),
        "metadata": metadata,
        "roleRef": {"apiGroup": Kind::ClusterRoleBinding.group(), "kind": "ClusterRole", "name": PROXY_ROLE},
        "subjects": [{"kind": "ServiceAccount", "namespace": namespace, "name": name}],
    })
}

/// The proxy's configuration.
pub(super) fn config(making: &Making<'_>) -> Value {
    let mut config = Value::Object(Map::new());
    merge(&mut config, &making.parameters["rawConfig"]);
    if let Some(format) = making.parameters["logging"]["format"].as_str() {
        merge(&mut config, &json!({"config": {"logging": {"format": format}}}));
    }
    let text = match config.as_object().is_none_or(Map::is_empty) {
        true => "config: {}\n".to_owned(),
        false => serde_yaml::to_string(&config).unwrap_or_default(),
    };
    config_map(making, "", "config.yaml", &text)
}

/// The authority of the configuration server.
pub(super) fn authority(making: &Making<'_>) -> Value {
    config_map(making, "-xds-ca", "ca.crt", NO_AUTHORITY)
}

fn config_map(making: &Making<'_>, suffix: &str, entry: &str, text: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": making.metadata(suffix), "data": {entry: text}})
}

/// The session key: the one that is there, or a new one.
pub(super) fn session_key(making: &Making<'_>, snapshot: &Snapshot, settings: &Settings) -> Value {
    let metadata = making.session_metadata();
    let name = metadata["name"].as_str().unwrap_or_default();
    let key = ObjectKey::new(Kind::Secret, &making.gateway.metadata.namespace, name);
    let there = snapshot.live(&key).and_then(|secret| secret["data"]["key"].as_str());
    let key = there.map_or_else(|| new_key(settings, &making.gateway.metadata.uid), str::to_owned);
    json!({"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "metadata": metadata, "data": {"key": key}})
}

/// A key that nobody can guess and that differs between Gateways: 32 bytes, as hex text, in base64.
fn new_key(settings: &Settings, uid: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(settings.fresh);
    hash.update(uid);
    BASE64_STANDARD.encode(hex::encode(hash.finalize()))
}

/// SHA-256 of an object's data, for the annotations that restart pods.
pub(super) fn checksum(object: &Value) -> String {
    hex::encode(Sha256::digest(object["data"].to_string()))
}
