//! Making the plan.

use super::{
    AccessSpec, DefinitionSet, HostQuestion, MockSet, ObjectSet, Plan, PlanError, PlannedStep, Probe, SelfImageSpec,
    Step, TrafficProof,
};
use crate::{
    canonical::{CanonicalError, GatewayRef, MockHosts, RenderContext, Rendered, Wiring, render, render_gateway},
    cluster::{ObjectKey, SANDBOX_LABEL},
    gateway::in_cluster::ReferenceInstall,
    provider::{ClusterSpec, EmbeddedSpec, HostPort, KindSpec, PortWish, ProviderName},
    resolve::{GATEWAY_NODE_PORT, KindChoice, Resolved},
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, time::Duration};

/// Namespace of the Gateway and of what a profile wires up behind it.
pub const SANDBOX_NAMESPACE: &str = "agw-sandbox";
/// Namespace of the mocks' Services.
pub const MOCKS_NAMESPACE: &str = "agw-mocks";
/// Node port of the mocks' admin API.
pub const MOCKS_ADMIN_NODE_PORT: u16 = 30999;
/// Port of this machine that it is mapped to, or the next free one.
const MOCKS_ADMIN_PORT: u16 = 9199;
/// The label on a Service that says which mock it leads to.
const MOCK_LABEL: &str = "agw-sandbox.dev/mock";
/// The label that says which set of a plan an object belongs to.
pub const SET_LABEL: &str = "agw-sandbox.dev/set";
/// The mocks that are always there, for scenarios.
const MOCKS: [&str; 4] = ["openai", "anthropic", "gemini", "toolbox"];
/// Time for a step on a machine of one's own.
const DEADLINE: Duration = Duration::from_secs(60);
/// Time for pods to run.
const ROLLOUT: Duration = Duration::from_secs(120);
/// Time for a cluster to boot, or an image to be built or loaded.
const BOOT: Duration = Duration::from_secs(300);

/// The plan of what was resolved.
///
/// # Errors
/// A wiring that cannot be rendered.
pub fn plan_of(resolved: &Resolved) -> Result<Plan, PlanError> {
    let rendered = rendered(resolved)?;
    let mut steps = match &resolved.kind {
        None => vec![
            PlannedStep::new("cluster", "kubernetes api", &[], DEADLINE, Step::Cluster(cluster(resolved))),
            PlannedStep::new("definitions", "resource definitions", &["cluster"], DEADLINE, definitions(resolved)),
            PlannedStep::new("mocks", "mocks", &["cluster"], DEADLINE, mocks(resolved, &rendered)),
        ],
        Some(kind) => kind_steps(resolved, kind, &rendered)?,
    };
    let controller = if resolved.kind.is_some() { "controller" } else { "definitions" };
    steps.extend([
        PlannedStep::new(
            "gateway",
            &format!("gateway {}", resolved.gateway.name),
            &[controller],
            DEADLINE,
            gateway(resolved)?,
        ),
        PlannedStep::new("routes", "routes", &["gateway", "mocks"], DEADLINE, routes(resolved, rendered)),
    ]);
    if let Some((authority, model)) = resolved.wiring.ollama() {
        let pods = resolved.kind.is_some();
        let needs: &[&str] = if pods { &["host"] } else { &[] };
        let question = Step::Host(HostQuestion { authority, model, pods });
        let step = PlannedStep::new("ollama", "ollama", needs, DEADLINE, question);
        steps.push(step.optional());
    }
    let port = first_port(resolved);
    let access = AccessSpec { namespace: SANDBOX_NAMESPACE.into(), gateway: resolved.gateway.name.clone(), port };
    steps.push(PlannedStep::new("access", "access", &["gateway"], DEADLINE, Step::Access(access)));
    let proof = TrafficProof { requests: 3, probe: probe(&resolved.wiring) };
    let last: &[&str] = if resolved.kind.is_some() { &["access", "routes", "nodes"] } else { &["access", "routes"] };
    steps.push(PlannedStep::new("traffic", "traffic", last, DEADLINE, Step::Traffic(proof)));
    let (sandbox, provider) = (resolved.sandbox.clone(), resolved.provider.to_string());
    Ok(Plan { schema: "agw-sandbox/v1", sandbox, provider, steps })
}

fn rendered(resolved: &Resolved) -> Result<Rendered, CanonicalError> {
    let gateway = GatewayRef { namespace: SANDBOX_NAMESPACE.into(), name: resolved.gateway.name.clone() };
    let context = RenderContext {
        line: resolved.line.clone(),
        namespace: SANDBOX_NAMESPACE.into(),
        gateway,
        hosts: Vec::new(),
        mocks: MockHosts::in_namespace(MOCKS_NAMESPACE),
    };
    render(&resolved.wiring, &context)
}

/// What stands before the Gateway on a cluster with nodes: the image is built and loaded while the cluster boots.
fn kind_steps(resolved: &Resolved, kind: &KindChoice, rendered: &Rendered) -> Result<Vec<PlannedStep>, PlanError> {
    let image = SelfImageSpec { reference: kind.self_image.clone() };
    let install = ReferenceInstall { image: kind.self_image.clone(), release: resolved.release.clone() };
    let (build, load) = (Step::Image(image.clone()), Step::Load(image));
    let controller = controller(resolved, &install)?;
    let mocks = deployed_mocks(resolved, &install, rendered)?;
    Ok(vec![
        PlannedStep::new("cluster", "cluster", &[], BOOT, Step::Cluster(cluster(resolved))),
        PlannedStep::new("image", "own image", &[], BOOT, build),
        PlannedStep::new("nodes", "nodes", &["cluster"], BOOT, Step::Nodes),
        // It waits for the nodes itself: they take images before the API answers.
        PlannedStep::new("load", "own image on nodes", &["image"], BOOT, load),
        PlannedStep::new("definitions", "resource definitions", &["cluster"], DEADLINE, definitions(resolved)),
        PlannedStep::new("host", "host.internal", &["cluster"], ROLLOUT, Step::HostAlias),
        PlannedStep::new("controller", "controller", &["definitions", "load"], ROLLOUT, controller),
        PlannedStep::new("mocks", "mocks", &["cluster", "load"], ROLLOUT, mocks),
    ])
}

fn controller(resolved: &Resolved, install: &ReferenceInstall) -> Result<Step, PlanError> {
    let namespace = "agentgateway-system";
    Ok(Step::Objects(ObjectSet {
        set: "controller".into(),
        namespace: namespace.into(),
        objects: marked(install.controller()?, &resolved.sandbox, "controller"),
        secrets: Vec::new(),
        ready: vec![ObjectKey::namespaced("apps/v1", "Deployment", namespace, "agentgateway")],
    }))
}

/// The mocks as pods; their admin port is reached through a node port that is mapped to this machine.
fn deployed_mocks(resolved: &Resolved, install: &ReferenceInstall, rendered: &Rendered) -> Result<Step, PlanError> {
    let mut objects = install.mocks()?;
    let is_admin = |object: &&mut Value| object["metadata"]["name"] == "agw-mocks-admin";
    if let Some(admin) = objects.iter_mut().find(is_admin) {
        admin["spec"]["type"] = json!("NodePort");
        admin["spec"]["ports"][0]["nodePort"] = json!(MOCKS_ADMIN_NODE_PORT);
    }
    let services = MOCKS.iter().map(|name| ObjectKey::namespaced("v1", "Service", MOCKS_NAMESPACE, name)).collect();
    Ok(Step::Mocks(MockSet {
        objects: marked(objects, &resolved.sandbox, "mocks"),
        services,
        token: Some(ObjectKey::namespaced("v1", "Secret", MOCKS_NAMESPACE, "agw-mocks-admin")),
        behaviours: rendered.behaviours.clone(),
    }))
}

fn cluster(resolved: &Resolved) -> ClusterSpec {
    let Some(kind) = &resolved.kind else {
        let (release, exact_ports) = (resolved.release.clone(), resolved.exact_ports.clone());
        return ClusterSpec::Embedded(EmbeddedSpec { release, exact_ports });
    };
    let port = first_port(resolved);
    let host = if resolved.exact_ports.contains(&port) { HostPort::Exact(port) } else { HostPort::From(port) };
    let admin = PortWish { node_port: MOCKS_ADMIN_NODE_PORT, host: HostPort::From(MOCKS_ADMIN_PORT) };
    let ports = vec![PortWish { node_port: GATEWAY_NODE_PORT, host }, admin];
    ClusterSpec::Kind(KindSpec { image: kind.node_image.clone(), ports })
}

fn first_port(resolved: &Resolved) -> u16 {
    resolved.gateway.listeners.first().map_or(8080, |listener| listener.port)
}

fn definitions(resolved: &Resolved) -> Step {
    let wanted = &resolved.definitions;
    Step::Definitions(DefinitionSet {
        source: wanted.source.clone(),
        about: wanted.about.clone(),
        names: wanted.names.clone(),
        sha256: wanted.sha256.clone(),
        plain: resolved.provider != ProviderName::Embedded,
    })
}

fn mocks(resolved: &Resolved, rendered: &Rendered) -> Step {
    let names: BTreeSet<&str> = MOCKS.into_iter().chain(rendered.mocks.iter().map(String::as_str)).collect();
    let mut objects = vec![namespace(MOCKS_NAMESPACE)];
    objects.extend(names.iter().map(|name| mock_service(name)));
    let services = names.iter().map(|name| ObjectKey::namespaced("v1", "Service", MOCKS_NAMESPACE, name)).collect();
    let objects = marked(objects, &resolved.sandbox, "mocks");
    Step::Mocks(MockSet { objects, services, token: None, behaviours: rendered.behaviours.clone() })
}

fn mock_service(name: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": MOCKS_NAMESPACE, "labels": {MOCK_LABEL: name}},
        "spec": {"selector": {"app.kubernetes.io/name": "agw-mocks"}, "ports": [{"name": "http", "port": 80}]},
    })
}

fn gateway(resolved: &Resolved) -> Result<Step, CanonicalError> {
    let mut objects = vec![namespace(SANDBOX_NAMESPACE)];
    objects.extend(render_gateway(&resolved.gateway, &resolved.line, SANDBOX_NAMESPACE)?);
    let name = &resolved.gateway.name;
    let class = ObjectKey {
        api_version: "gateway.networking.k8s.io/v1".into(),
        kind: "GatewayClass".into(),
        namespace: None,
        name: "agentgateway".into(),
    };
    let ready = vec![
        class,
        ObjectKey::namespaced("gateway.networking.k8s.io/v1", "Gateway", SANDBOX_NAMESPACE, name),
        ObjectKey::namespaced("apps/v1", "Deployment", SANDBOX_NAMESPACE, name),
    ];
    Ok(Step::Objects(ObjectSet {
        set: "gateway".into(),
        namespace: SANDBOX_NAMESPACE.into(),
        objects: marked(objects, &resolved.sandbox, "gateway"),
        secrets: Vec::new(),
        ready,
    }))
}

fn routes(resolved: &Resolved, rendered: Rendered) -> Step {
    Step::Objects(ObjectSet {
        set: "routes".into(),
        namespace: SANDBOX_NAMESPACE.into(),
        ready: rendered.objects.iter().map(ObjectKey::of).collect(),
        objects: marked(rendered.objects, &resolved.sandbox, "routes"),
        secrets: rendered.secrets,
    })
}

fn namespace(name: &str) -> Value {
    json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})
}

/// Objects with the labels that prove whose they are.
fn marked(objects: Vec<Value>, sandbox: &str, set: &str) -> Vec<Value> {
    let mark = |mut object: Value| {
        object["metadata"]["labels"][SANDBOX_LABEL] = json!(sandbox);
        object["metadata"]["labels"][SET_LABEL] = json!(set);
        object
    };
    objects.into_iter().map(mark).collect()
}

/// A chat completion where a mock answers it; what a real vendor would charge for is not asked, and neither is a route with
/// a policy, which may refuse.
fn probe(wiring: &Wiring) -> Probe {
    if !wiring.policies.is_empty() {
        return Probe::Any;
    }
    match wiring.first_path(|backend| backend.llm.is_some() && backend.mock.is_some()) {
        Some(path) if path.ends_with("/v1") => Probe::Chat { path: format!("{path}/chat/completions") },
        Some(path) => Probe::Chat { path: format!("{}/v1/chat/completions", path.trim_end_matches('/')) },
        None => Probe::Any,
    }
}
