//! The mocks: Services that lead to the background process, or pods.

use super::{
    MockSet, PlanError, Step,
    names::{MOCKS_ADMIN_NODE_PORT, MOCKS_NAMESPACE, marked, namespace},
};
use crate::{canonical::Rendered, cluster::ObjectKey, gateway::in_cluster::ReferenceInstall, resolve::Resolved};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The label on a Service that says which mock it leads to.
const MOCK_LABEL: &str = "agw-sandbox.dev/mock";
/// The mocks that are always there, for scenarios: all vendors, and all MCP servers.
const MOCKS: [&str; 17] = [
    "openai",
    "anthropic",
    "gemini",
    "vertex",
    "azure",
    "bedrock",
    "ollama",
    "everything",
    "toolbox",
    "kubernetes",
    "slow",
    "flaky",
    "hostile",
    "big",
    "workshop",
    "protected",
    "legacy",
];
/// What policies call and what is behind routes of no particular kind, and what is spoken there.
const SERVICES: [(&str, Spoken); 13] = [
    ("identity", Spoken::Http),
    ("echo", Spoken::Http),
    ("echo-tls", Spoken::Https),
    ("echo-mtls", Spoken::Https),
    ("echo-expired", Spoken::Https),
    ("echo-wrong-host", Spoken::Https),
    ("ext-authz", Spoken::Grpc),
    ("ext-authz-http", Spoken::Http),
    ("ext-proc", Spoken::Grpc),
    ("rate-limit", Spoken::Grpc),
    ("guardrail", Spoken::Http),
    ("otlp", Spoken::Grpc),
    ("otlp-http", Spoken::Http),
];

/// What is spoken at the port of a Service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spoken {
    Http,
    Https,
    /// Over HTTP/2 without TLS.
    Grpc,
}

/// The names of all that are always there.
fn always() -> impl Iterator<Item = &'static str> {
    MOCKS.into_iter().chain(SERVICES.map(|(name, _)| name))
}

/// The port of a mock's Service.
fn port(name: &str) -> Value {
    let service = SERVICES.iter().find(|(service, _)| *service == name);
    match service.map_or(Spoken::Http, |(_, spoken)| *spoken) {
        Spoken::Http => json!({"name": "http", "port": 80, "protocol": "TCP"}),
        Spoken::Https => json!({"name": "https", "port": 443, "protocol": "TCP"}),
        Spoken::Grpc => json!({"name": "http", "port": 80, "protocol": "TCP", "appProtocol": "kubernetes.io/h2c"}),
    }
}

/// Services that lead to the mocks of the background process.
pub(super) fn background(resolved: &Resolved, rendered: &Rendered) -> Step {
    let mut names: BTreeSet<&str> = always().collect();
    names.extend(rendered.mocks.iter().map(String::as_str));
    let mut objects = vec![namespace(MOCKS_NAMESPACE)];
    objects.extend(names.iter().map(|name| mock_service(name)));
    let services = names.iter().map(|name| ObjectKey::namespaced("v1", "Service", MOCKS_NAMESPACE, name)).collect();
    let objects = marked(objects, &resolved.sandbox, "mocks");
    let behaviours = rendered.behaviours.clone();
    Step::Mocks(MockSet { objects, services, token: None, on_host: false, behaviours })
}

fn mock_service(name: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": MOCKS_NAMESPACE, "labels": {MOCK_LABEL: name}},
        "spec": {"selector": {"app.kubernetes.io/name": "agw-mocks"}, "ports": [port(name)]},
    })
}

/// Services without a selector: their endpoints are mocks that run on this machine.
pub(super) fn on_host(resolved: &Resolved, rendered: &Rendered) -> Step {
    let mut objects = vec![namespace(MOCKS_NAMESPACE)];
    objects.extend(always().map(|name| {
        let mut service = mock_service(name);
        service["spec"] = json!({"ports": [port(name)]});
        service
    }));
    let services = always().map(|name| ObjectKey::namespaced("v1", "Service", MOCKS_NAMESPACE, name)).collect();
    let objects = marked(objects, &resolved.sandbox, "mocks");
    let behaviours = rendered.behaviours.clone();
    Step::Mocks(MockSet { objects, services, token: None, on_host: true, behaviours })
}

/// The mocks as pods; their admin port is reached through a node port that is mapped to this machine.
pub(super) fn deployed(
    resolved: &Resolved,
    install: &ReferenceInstall,
    rendered: &Rendered,
) -> Result<Step, PlanError> {
    let mut objects = install.mocks()?;
    let is_admin = |object: &&mut Value| object["metadata"]["name"] == "agw-mocks-admin";
    // On a shared cluster node ports may be taken.
    if let (None, Some(admin)) = (&resolved.shared, objects.iter_mut().find(is_admin)) {
        admin["spec"]["type"] = json!("NodePort");
        admin["spec"]["ports"][0]["nodePort"] = json!(MOCKS_ADMIN_NODE_PORT);
    }
    let services = always().map(|name| ObjectKey::namespaced("v1", "Service", MOCKS_NAMESPACE, name)).collect();
    Ok(Step::Mocks(MockSet {
        objects: marked(objects, &resolved.sandbox, "mocks"),
        services,
        on_host: false,
        token: Some(ObjectKey::namespaced("v1", "Secret", MOCKS_NAMESPACE, "agw-mocks-admin")),
        behaviours: rendered.behaviours.clone(),
    }))
}
