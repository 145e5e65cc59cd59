//! Names, labels and times that all parts of a plan share.

use crate::{cluster::SANDBOX_LABEL, resolve::Resolved};
use serde_json::{Value, json};
use std::time::Duration;

/// Namespace of the Gateway and of what a profile wires up behind it.
pub const SANDBOX_NAMESPACE: &str = "agw-sandbox";
/// Namespace of the mocks' Services.
pub const MOCKS_NAMESPACE: &str = "agw-mocks";
/// Node port of the mocks' admin API.
pub const MOCKS_ADMIN_NODE_PORT: u16 = 30999;
/// Port of this machine that it is mapped to, or the next free one.
pub(super) const MOCKS_ADMIN_PORT: u16 = 9199;
/// The label that says which set of a plan an object belongs to.
pub const SET_LABEL: &str = "agw-sandbox.dev/set";
/// Time for a step on a machine of one's own.
pub(super) const DEADLINE: Duration = Duration::from_secs(60);
/// Time for pods to run.
pub(super) const ROLLOUT: Duration = Duration::from_secs(120);
/// Time for a cluster to boot, or an image to be built or loaded.
pub(super) const BOOT: Duration = Duration::from_secs(300);

/// A namespace.
pub(super) fn namespace(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
}

/// Objects with the labels that prove whose they are.
pub(super) fn marked(objects: Vec<Value>, sandbox: &str, set: &str) -> Vec<Value> {
    let mark = |mut object: Value| {
        object["metadata"]["labels"][SANDBOX_LABEL] = json!(sandbox);
        object["metadata"]["labels"][SET_LABEL] = json!(set);
        object
    };
    objects.into_iter().map(mark).collect()
}

/// The port of the first listener.
pub(super) fn first_port(resolved: &Resolved) -> u16 {
    resolved.gateway.listeners.first().map_or(8080, |listener| listener.port)
}
