//! The objects in a cluster that say which sandbox it serves: a namespace, and in it a ConfigMap with the sandbox's id.

use crate::cluster::SANDBOX_LABEL;
use serde_json::{Value, json};

/// Namespace of the marker.
pub(super) const NAMESPACE: &str = "agw-sandbox";
/// Name of the marker.
pub(super) const NAME: &str = "identity";

/// The namespace.
pub(super) fn namespace(sandbox: &str) -> Value {
    let labels = json!({SANDBOX_LABEL: sandbox});
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE, "labels": labels}})
}

/// The marker.
pub(super) fn marker(sandbox: &str, id: &str, created: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": NAME, "namespace": NAMESPACE, "labels": {SANDBOX_LABEL: sandbox}},
        "data": {
            "id": id,
            "sandbox": sandbox,
            "madeBy": concat!("agw-sandbox ", env!("CARGO_PKG_VERSION")),
            "created": created,
        },
    })
}
