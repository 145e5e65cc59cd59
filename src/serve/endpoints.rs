//! Plays the part of a cluster that gives Services their endpoints: a Service that is marked as a mock's leads to that mock
//! in this process.

use crate::mock::MockEndpoint;
use futures_util::StreamExt;
use kube::{
    Api, Client,
    api::{Patch, PatchParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
    runtime::{WatchStreamExt, watcher},
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

/// The label on a Service that names its mock.
const MOCK_LABEL: &str = "agw-sandbox.dev/mock";

/// Publishes endpoints for every such Service until the token is cancelled.
pub async fn publish(client: Client, endpoints: Vec<MockEndpoint>, cancel: CancellationToken) {
    let services: Api<DynamicObject> = Api::all_with(client.clone(), &resource("", "Service", "services"));
    let marked = watcher::Config::default().labels(MOCK_LABEL);
    let changes = watcher(services, marked).default_backoff().applied_objects();
    let work = changes.for_each(|service| async {
        // A watch that failed is begun again by the watcher itself.
        let Ok(service) = service else { return };
        if let Some(slice) = slice_of(&service, &endpoints) {
            apply(&client, &slice).await;
        }
    });
    tokio::select! {
        () = work => {}
        () = cancel.cancelled() => {}
    }
}

fn slice_of(service: &DynamicObject, endpoints: &[MockEndpoint]) -> Option<Value> {
    let mock = service.metadata.labels.as_ref()?.get(MOCK_LABEL)?;
    let endpoint = endpoints.iter().find(|endpoint| endpoint.name == mock)?;
    let (name, namespace) = (service.metadata.name.as_ref()?, service.metadata.namespace.as_ref()?);
    // The port of the Service has that name too.
    let scheme = if endpoint.base_url.starts_with("https:") { "https" } else { "http" };
    let owner =
        json!({"apiVersion": "v1", "kind": "Service", "name": name, "uid": service.metadata.uid, "controller": true});
    Some(json!({
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": format!("{name}-agw-sandbox"),
            "namespace": namespace,
            "labels": {"kubernetes.io/service-name": name, "endpointslice.kubernetes.io/managed-by": "agw-sandbox"},
            "ownerReferences": [owner],
        },
        "addressType": "IPv4",
        "endpoints": [{"addresses": [endpoint.address.ip().to_string()], "conditions": {"ready": true}}],
        "ports": [{"name": scheme, "port": endpoint.address.port(), "protocol": "TCP"}],
    }))
}

async fn apply(client: &Client, slice: &Value) {
    let text = |pointer: &str| slice.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let resource = resource("discovery.k8s.io", "EndpointSlice", "endpointslices");
    let slices: Api<DynamicObject> = Api::namespaced_with(client.clone(), text("/metadata/namespace"), &resource);
    let parameters = PatchParams::apply("agw-sandbox-endpoints").force();
    // The mocks step waits for the slice and names it if it never comes.
    let _ = slices.patch(text("/metadata/name"), &parameters, &Patch::Apply(slice)).await;
}

fn resource(group: &str, kind: &str, plural: &str) -> ApiResource {
    ApiResource::from_gvk_with_plural(&GroupVersionKind::gvk(group, "v1", kind), plural)
}
