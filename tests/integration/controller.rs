//! The reference gateway's controller against a real Kubernetes API with the upstream definitions.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

pub mod api_server;
mod lines;

use agw_sandbox::gateway::{
    Mutant,
    controller::{self, BoundPorts, ControllerOptions, Identity, Kind, Misbehaviour, ProxyLink},
    table::{Backend, Table},
};
use api_server::ApiServer;
use kube::{
    Api, Client,
    api::{DeleteParams, ListParams, Patch, PatchParams},
    core::DynamicObject,
};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// Longest wait for anything that the controller brings about.
const PATIENCE: Duration = Duration::from_secs(30);

const OBJECTS: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ai-gateway, namespace: default}
spec:
  gatewayClassName: agentgateway
  listeners: [{name: http, protocol: HTTP, port: 8080, allowedRoutes: {namespaces: {from: All}}}]
---
{apiVersion: v1, kind: Secret, metadata: {name: key, namespace: default}, stringData: {Authorization: Bearer sk-1}}
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: openai, namespace: default}
spec: {ai: {provider: {openai: {}, host: 127.0.0.1, port: 81, pathPrefix: /v1}}, policies: {auth: {secretRef: {name: key}}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: openai, namespace: default}
spec:
  parentRefs: [{name: ai-gateway}]
  rules: [{backendRefs: [{group: agentgateway.dev, kind: AgentgatewayBackend, name: openai}]}]
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: {name: limit, namespace: default}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: openai}]
  traffic: {rateLimit: {local: [{requests: 2, unit: Minutes}]}}
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayPolicy
metadata: {name: lost, namespace: default}
spec:
  targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: nope}]
  traffic: {timeouts: {request: 1s}}
";

/// The controller at work, and what a proxy and a tester hold of it.
struct Running {
    table: watch::Receiver<Arc<Table>>,
    bound: watch::Sender<BoundPorts>,
    mutant: watch::Sender<Option<Mutant>>,
    cancel: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    fn start(client: &Client, release: &str, ports: BoundPorts) -> Self {
        let (table_sender, table) = watch::channel(Arc::default());
        let (bound, bound_receiver) = watch::channel(ports);
        let (mutant, mutant_receiver) = watch::channel(None);
        let cancel = CancellationToken::new();
        let options = ControllerOptions {
            release: release.to_owned(),
            in_process_proxy: true,
            address: Some([127, 0, 0, 1].into()),
            proxy_image: None,
            identity: Identity::of(release),
        };
        let (client, token) = (client.clone(), cancel.clone());
        // Without a proxy, what is published counts as served.
        let link = ProxyLink { served: table_sender.subscribe(), table: table_sender, bound: bound_receiver };
        let (acting, _) = watch::channel(None);
        let misbehaviour = Misbehaviour { wanted: mutant_receiver, acting };
        let task = tokio::spawn(controller::run(client, options, link, misbehaviour, token));
        Self { table, bound, mutant, cancel, task }
    }

    async fn stop(self) {
        self.cancel.cancel();
        timeout(Duration::from_secs(1), self.task).await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_api_sees_what_the_real_controller_would_write() {
    let Some(definitions) = definitions() else {
        return println!("skipped: the upstream definitions are not here");
    };
    let server = match ApiServer::start().await {
        Ok(server) => server,
        Err(reason) => return println!("skipped: {reason}"),
    };
    story(&server.client, &definitions).await;
}

/// From an API without definitions to a Gateway that is gone again.
async fn story(client: &Client, definitions: &[Value]) {
    let running = Running::start(client, "1.4.1", BoundPorts::new());
    for definition in definitions {
        apply_definition(client, definition).await;
    }
    until(client, Kind::GatewayClass, "agentgateway", |class| is(&class["status"], "Accepted", "Accepted")).await;

    apply_all(client, OBJECTS).await;
    let mut table = running.table.clone();
    timeout(PATIENCE, table.wait_for(|table| has_llm_route(table))).await.unwrap().unwrap();
    running.bound.send_replace(bound());
    programmed(client).await;

    let before = versions(client).await;
    running.stop().await;
    let again = Running::start(client, "1.4.1", bound());
    let mut table = again.table.clone();
    timeout(PATIENCE, table.wait_for(|table| has_llm_route(table))).await.unwrap().unwrap();
    sleep(Duration::from_millis(300)).await;
    assert_eq!(versions(client).await, before, "a controller that starts anew writes nothing");

    again.mutant.send_replace(Some(Mutant::RouteConditionMissing));
    let conditions = |route: &Value| route["status"]["parents"][0]["conditions"].as_array().map_or(0, Vec::len);
    until(client, Kind::HttpRoute, "openai", |route| conditions(route) == 1).await;
    again.mutant.send_replace(None);
    until(client, Kind::HttpRoute, "openai", |route| conditions(route) == 2).await;

    api(client, Kind::Gateway).delete("ai-gateway", &DeleteParams::default()).await.unwrap();
    gone(client, Kind::Deployment, "ai-gateway").await;
    gone(client, Kind::Secret, "ai-gateway-session-key").await;
    until(client, Kind::HttpRoute, "openai", |route| route["status"]["parents"] == serde_json::json!([])).await;
    again.stop().await;
}

/// Everything about the Gateway, its objects, its route and its policies is as on a real cluster.
async fn programmed(client: &Client) {
    until(client, Kind::Deployment, "ai-gateway", |deployment| {
        is(&deployment["status"], "Available", "MinimumReplicasAvailable")
    })
    .await;
    until(client, Kind::Service, "ai-gateway", |service| service["spec"]["ports"][0]["nodePort"] == 30_123).await;
    until(client, Kind::Gateway, "ai-gateway", |gateway| {
        let status = &gateway["status"];
        is(status, "Programmed", "Programmed")
            && status["listeners"][0]["attachedRoutes"] == 1
            && status["addresses"][0]["value"] == "127.0.0.1"
    })
    .await;
    until(client, Kind::HttpRoute, "openai", |route| {
        is(&route["status"]["parents"][0], "ResolvedRefs", "ResolvedRefs")
    })
    .await;
    until(client, Kind::Policy, "limit", |policy| is(&policy["status"]["ancestors"][0], "Attached", "Attached")).await;
    until(client, Kind::Policy, "lost", |policy| {
        policy["status"]["ancestors"][0]["ancestorRef"]["name"] == "StatusSummary"
    })
    .await;
    let account = api(client, Kind::ServiceAccount).get("ai-gateway").await.unwrap();
    assert_eq!(account.data["automountServiceAccountToken"], false);
    assert_eq!(account.metadata.owner_references.unwrap()[0].controller, Some(true));
}

fn bound() -> BoundPorts {
    BTreeMap::from([(8080, Ok(([127, 0, 0, 1], 30_123).into()))])
}

fn has_llm_route(table: &Table) -> bool {
    let mut rules = table.listeners.iter().flat_map(|listener| &listener.routes).flat_map(|route| &route.rules);
    rules.any(|rule| {
        matches!(rule.backends[0].backend.as_ref(), Backend::Llm(llm) if llm.auth.is_some())
            && rule.policies.rate_limits.is_some()
    })
}

fn is(holder: &Value, kind: &str, reason: &str) -> bool {
    let mut conditions = holder["conditions"].as_array().into_iter().flatten();
    conditions
        .any(|condition| condition["type"] == kind && condition["reason"] == reason && condition["status"] == "True")
}

fn definitions() -> Option<Vec<Value>> {
    let shared = std::env::var_os("AGW_SHARED").map_or_else(|| PathBuf::from("../shared"), PathBuf::from);
    let crds = shared.join("upstream/crds");
    let mut files = vec![crds.join("gateway-api/v1.6.1/standard-install.yaml")];
    for kind in ["backends", "parameters", "policies"] {
        files.push(crds.join(format!("agentgateway/v1.4.1/agentgateway.dev_agentgateway{kind}.yaml")));
    }
    // ReferenceGrant is left out: the controller must work without it.
    let wanted = ["gatewayclasses", "gateways", "httproutes", "agentgateway"];
    let mut found: Vec<_> = files.iter().map(|file| read(file)).collect::<Option<Vec<_>>>()?.concat();
    found.retain(|object| {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        object["kind"] == "CustomResourceDefinition" && wanted.iter().any(|wanted| name.starts_with(wanted))
    });
    Some(found)
}

fn read(file: &Path) -> Option<Vec<Value>> {
    serde_yaml::from_multiple(&std::fs::read_to_string(file).ok()?).ok()
}

fn api(client: &Client, kind: Kind) -> Api<DynamicObject> {
    if kind.is_namespaced() {
        return Api::namespaced_with(client.clone(), "default", &kind.resource());
    }
    Api::all_with(client.clone(), &kind.resource())
}

async fn apply_definition(client: &Client, definition: &Value) {
    let group = kube::core::GroupVersionKind::gvk("apiextensions.k8s.io", "v1", "CustomResourceDefinition");
    let resource = kube::core::ApiResource::from_gvk_with_plural(&group, "customresourcedefinitions");
    let api: Api<DynamicObject> = Api::all_with(client.clone(), &resource);
    let name = definition["metadata"]["name"].as_str().unwrap();
    api.patch(name, &PatchParams::apply("test").force(), &Patch::Apply(definition)).await.unwrap();
}

/// Applies objects, waiting for kinds that the API is about to serve.
async fn apply_all(client: &Client, text: &str) {
    let objects: Vec<Value> = serde_yaml::from_multiple(text).unwrap();
    for object in objects {
        let group = object["apiVersion"].as_str().unwrap().rsplit_once('/').map_or("", |(group, _)| group);
        let kind = Kind::of(group, object["kind"].as_str().unwrap()).unwrap();
        let name = object["metadata"]["name"].as_str().unwrap();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let done = api(client, kind).patch(name, &PatchParams::apply("test"), &Patch::Apply(&object)).await;
            match done {
                Ok(_) => break,
                Err(error) => assert!(Instant::now() < deadline, "{name}: {error}"),
            }
            sleep(Duration::from_millis(50)).await;
        }
    }
}

async fn until(client: &Client, kind: Kind, name: &str, good: impl Fn(&Value) -> bool) {
    let deadline = Instant::now() + PATIENCE;
    let mut last = Value::Null;
    while Instant::now() < deadline {
        if let Ok(object) = api(client, kind).get(name).await {
            last = serde_json::to_value(object).unwrap();
            if good(&last) {
                return;
            }
        }
        sleep(Duration::from_millis(20)).await;
    }
    panic!("{} {name} did not become as it should: {last:#}", kind.name());
}

async fn gone(client: &Client, kind: Kind, name: &str) {
    let deadline = Instant::now() + PATIENCE;
    while api(client, kind).get_opt(name).await.unwrap().is_some() {
        assert!(Instant::now() < deadline, "{} {name} is still there", kind.name());
        sleep(Duration::from_millis(20)).await;
    }
}

/// Versions of all objects that the controller could touch.
async fn versions(client: &Client) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for kind in Kind::ALL {
        let Ok(objects) = api(client, kind).list(&ListParams::default()).await else { continue };
        for object in objects {
            let name = format!("{} {}", kind.name(), object.metadata.name.unwrap_or_default());
            found.insert(name, object.metadata.resource_version.unwrap_or_default());
        }
    }
    found
}
