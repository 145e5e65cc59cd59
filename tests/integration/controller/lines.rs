//! Other release lines, each with its own definitions and in its own words.

use super::{PATIENCE, Running, api_server::ApiServer, apply_definition, bound, is};
use crate::lines::stand;
use crate::support::is_real;
use agw_sandbox::canonical::{GatewayRef, GatewaySpec, MockHosts, RenderContext, render, render_gateway};
use agw_sandbox::gateway::{
    controller::{BoundPorts, Family, Kind},
    table::{Backend, Table, UpstreamPath},
};
use agw_sandbox::release::{ReleaseLine, lines};
use kube::{
    Api, Client,
    api::{Patch, PatchParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::Value;
use tokio::time::{Instant, sleep, timeout};

/// A wiring that every line can say.
const WIRING: &str = r#"
backends:
  llm: {llm: openai, mock: {}, key: {fake: sk-1}}
  tools: {mcp: {toolbox: {mock: toolbox}}}
routes:
  - {path: /v1, to: llm}
  - {path: /mcp, to: tools}
policies:
  - {on: {route: /v1}, rateLimit: {requests: 2, per: 60s}, timeout: 30s}
"#;

const GATEWAY: &str = "{name: ai-gateway, listeners: [{port: 8080}], nodePort: 30123, logging: {level: debug}}";

/// Every line with `AGW_REAL=1`; otherwise the two whose resources differ most from the newest.
#[tokio::test(flavor = "multi_thread")]
async fn every_line_is_played_in_its_own_words() {
    for line in lines().iter().take(if is_real() { usize::MAX } else { 2 }) {
        let Some(definitions) = stand::definitions_of(line) else { continue };
        let server = match ApiServer::start().await {
            Ok(server) => server,
            Err(reason) => return println!("skipped: {reason}"),
        };
        for definition in &definitions {
            apply_definition(&server.client, definition).await;
        }
        Line { line, client: &server.client }.story().await;
    }
}

struct Line<'a> {
    line: &'static ReleaseLine,
    client: &'a Client,
}

impl Line<'_> {
    async fn story(&self) {
        let running = Running::start(self.client, &self.line.newest.to_string(), BoundPorts::new());
        let controller = &self.line.controller_name;
        self.until(Kind::GatewayClass, self.line.class(), |class| {
            is(&class["status"], "Accepted", "Accepted") && class["spec"]["controllerName"] == **controller
        })
        .await;
        self.apply_all().await;
        let mut table = running.table.clone();
        let served = timeout(PATIENCE, table.wait_for(|table| is_wired(table))).await;
        served.unwrap_or_else(|_| panic!("{}: {:#?}", self.line.name, running.table.borrow())).unwrap();
        running.bound.send_replace(bound());
        self.statuses(controller).await;
        running.stop().await;
    }

    async fn apply_all(&self) {
        let gateway: GatewaySpec = serde_yaml::from_str(GATEWAY).unwrap();
        let context = RenderContext {
            line: self.line.name.clone(),
            namespace: "default".to_owned(),
            gateway: GatewayRef { namespace: "default".to_owned(), name: gateway.name.clone() },
            hosts: Vec::new(),
            mocks: MockHosts::in_namespace("agw-mocks"),
        };
        let mut objects = vec![serde_json::json!({
            "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "llm-key"}, "stringData": {"Authorization": "sk-1"},
        })];
        objects.extend(render_gateway(&gateway, &self.line.name, "default").unwrap());
        objects.extend(render(&serde_yaml::from_str(WIRING).unwrap(), &context).unwrap().objects);
        for object in &objects {
            self.apply(object).await;
        }
    }

    /// Applies an object, waiting for its kind if the API is about to serve it.
    async fn apply(&self, object: &Value) {
        let text = |field: &str| object[field].as_str().unwrap();
        let (group, version) = text("apiVersion").rsplit_once('/').unwrap_or(("", "v1"));
        let plural = match text("kind") {
            "TrafficPolicy" | "AgentgatewayPolicy" => text("kind").to_lowercase().replace("policy", "policies"),
            "GatewayParameters" | "AgentgatewayParameters" => text("kind").to_lowercase(),
            kind => format!("{}s", kind.to_lowercase()),
        };
        let kind = GroupVersionKind::gvk(group, version, text("kind"));
        let api = self.api(&ApiResource::from_gvk_with_plural(&kind, &plural), true);
        let parameters = PatchParams {
            field_validation: Some(kube::api::ValidationDirective::Strict),
            ..PatchParams::apply("test")
        };
        let deadline = Instant::now() + PATIENCE;
        while let Err(error) =
            api.patch(object["metadata"]["name"].as_str().unwrap(), &parameters, &Patch::Apply(object)).await
        {
            assert!(Instant::now() < deadline, "{}: {error}\n{object:#}", self.line.name);
            sleep(std::time::Duration::from_millis(50)).await;
        }
    }

    /// Everything is reported at the resources that this line has.
    async fn statuses(&self, controller: &str) {
        self.until(Kind::Gateway, "ai-gateway", |gateway| {
            let status = &gateway["status"];
            is(status, "Accepted", "Accepted")
                && is(status, "Programmed", "Programmed")
                && status["listeners"][0]["attachedRoutes"] == 2
        })
        .await;
        self.until(Kind::Deployment, "ai-gateway", |deployment| {
            let env = deployment["spec"]["template"]["spec"]["containers"][0]["env"].to_string();
            is(&deployment["status"], "Available", "MinimumReplicasAvailable")
                && env.contains(r#"{"name":"RUST_LOG","value":"debug"}"#)
        })
        .await;
        self.until(Kind::Service, "ai-gateway", |service| {
            service["spec"]["type"] == "NodePort" && service["spec"]["ports"][0]["nodePort"] == 30_123
        })
        .await;
        for route in ["v1", "mcp"] {
            self.until(Kind::HttpRoute, route, |route| {
                let parent = &route["status"]["parents"][0];
                is(parent, "ResolvedRefs", "ResolvedRefs") && parent["controllerName"] == *controller
            })
            .await;
        }
        for backend in ["llm", "tools"] {
            self.until(Kind::Backend, backend, |backend| is(&backend["status"], "Accepted", "Accepted")).await;
        }
        self.until(Kind::Policy, "v1-policy", |policy| {
            let ancestor = &policy["status"]["ancestors"][0];
            is(ancestor, "Attached", "Attached") && ancestor["controllerName"] == *controller
        })
        .await;
    }

    async fn until(&self, kind: Kind, name: &str, good: impl Fn(&Value) -> bool) {
        let resource = Family::of(&self.line.newest.to_string()).resource(kind);
        let deadline = Instant::now() + PATIENCE;
        let mut last = Value::Null;
        while Instant::now() < deadline {
            if let Ok(object) = self.api(&resource, kind.is_namespaced()).get(name).await {
                last = serde_json::to_value(object).unwrap();
                if good(&last) {
                    return;
                }
            }
            sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("{}: {} {name} did not become as it should: {last:#}", self.line.name, resource.kind);
    }

    fn api(&self, resource: &ApiResource, namespaced: bool) -> Api<DynamicObject> {
        if namespaced {
            return Api::namespaced_with(self.client.clone(), "default", resource);
        }
        Api::all_with(self.client.clone(), resource)
    }
}

/// The proxy would serve what was written: the LLM with its path and key, the tools, and the limit.
fn is_wired(table: &Table) -> bool {
    let rules = || table.listeners.iter().flat_map(|listener| &listener.routes).flat_map(|route| &route.rules);
    let llm = rules().any(|rule| {
        let limit = rule.policies.rate_limits.iter().flatten().any(|limit| (limit.limit, limit.fill) == (2, 2));
        let timed = rule.policies.request_timeout == Some(std::time::Duration::from_secs(30));
        limit
            && timed
            && matches!(rule.backends[0].backend.as_ref(), Backend::Llm(llm)
                if llm.auth.is_some() && !matches!(llm.path, UpstreamPath::Client | UpstreamPath::Default))
    });
    let tools = |backend: &Backend| matches!(backend, Backend::Mcp(mcp) if mcp.targets[0].path == "/mcp");
    llm && rules().any(|rule| tools(rule.backends[0].backend.as_ref()))
}
