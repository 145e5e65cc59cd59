//! `status`: what there is, looked at afresh.

use super::{Running, Sandbox, SandboxError};
use crate::{
    cluster::{Cluster, Writes, conditions_of},
    plan::SANDBOX_NAMESPACE,
    provider::Admin,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// Time for the answer of the background process.
const ANSWER: Duration = Duration::from_secs(5);

/// A sandbox as it is now.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Status {
    /// Its name.
    pub sandbox: String,
    /// Whether it is up.
    pub up: bool,
    /// Its provider.
    pub provider: String,
    /// Its gateway: `agentgateway 1.4.1` or `reference gateway`.
    pub gateway: String,
    /// Seconds since its process began, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u64>,
    /// Id of its process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pid: Option<u32>,
    /// URL of the Kubernetes API.
    pub api: String,
    /// Its kubeconfig.
    pub kubeconfig: String,
    /// Objects in its Kubernetes API.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub objects: Option<u64>,
    /// Gateways with their URLs and conditions.
    pub gateways: Vec<GatewayStatus>,
    /// Routes of the sandbox.
    pub routes: Vec<RouteStatus>,
    /// Mocks: name and base URL.
    pub mocks: Vec<MockStatus>,
    /// The way in which the gateway misbehaves, if it was told to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mutant: Option<String>,
}

/// A Gateway.
#[derive(Debug, Clone, Serialize)]
pub struct GatewayStatus {
    /// Namespace and name.
    pub name: String,
    /// URL of its first listener.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Its conditions.
    pub conditions: String,
}

/// A route.
#[derive(Debug, Clone, Serialize)]
pub struct RouteStatus {
    /// Path prefix.
    pub path: String,
    /// Backend that it leads to.
    pub backend: String,
    /// Whether that backend speaks MCP.
    pub mcp: bool,
    /// Its conditions.
    pub conditions: String,
}

/// A mock.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MockStatus {
    /// Its name.
    pub name: String,
    /// What an SDK takes as base URL.
    pub base_url: String,
    /// What it is for.
    pub about: String,
}

/// What the background process says of itself.
#[derive(Debug, Deserialize)]
struct Process {
    seconds: u64,
    objects: u64,
    mutant: Option<String>,
    mocks: Vec<MockStatus>,
}

impl Status {
    /// URL of the sandbox's gateway.
    pub fn url(&self) -> Option<&str> {
        let ours = format!("{SANDBOX_NAMESPACE}/");
        self.gateways.iter().find(|gateway| gateway.name.starts_with(&ours))?.url.as_deref()
    }

    /// URL of the MCP endpoint.
    pub fn mcp_url(&self) -> Option<String> {
        let route = self.routes.iter().find(|route| route.mcp)?;
        Some(format!("{}{}", self.url()?, route.path))
    }

    /// The sandbox as a tree of lines.
    pub fn tree(&self) -> String {
        let age = self.seconds.map(|age| format!("up {} · ", humantime::format_duration(Duration::from_secs(age))));
        let age = age.unwrap_or_default();
        let mut text = format!("sandbox {} · {age}{} · {}\n", self.sandbox, self.provider, self.gateway);
        let process = self.objects.zip(self.pid).map(|(objects, pid)| format!(" · {objects} objects · process {pid}"));
        text += &format!("├─ kubernetes  {}{}\n", self.api, process.unwrap_or_default());
        for gateway in &self.gateways {
            let url = gateway.url.as_deref().unwrap_or("no address");
            text += &format!("├─ gateway {}  {url} · {}\n", gateway.name, gateway.conditions);
        }
        let width = self.routes.iter().map(|route| route.path.len()).max().unwrap_or(0);
        for (index, route) in self.routes.iter().enumerate() {
            let branch = if index + 1 == self.routes.len() { "└─" } else { "├─" };
            text += &format!("│  {branch} {:width$} → {}  {}\n", route.path, route.backend, route.conditions);
        }
        let mocks: Vec<String> = self.mocks.iter().map(|mock| format!("{} {}", mock.name, mock.base_url)).collect();
        let mocks = if mocks.is_empty() {
            "as pods in namespace agw-mocks".to_owned()
        } else {
            mocks.join("\n               ")
        };
        text += &format!("└─ mocks       {mocks}\n");
        if let Some(mutant) = &self.mutant {
            text += &format!("\nthe gateway misbehaves as it was told to: {mutant}\n");
        }
        text
    }
}

/// Looks at a sandbox. Changes nothing.
pub async fn status(sandbox: &Sandbox) -> Result<Status, SandboxError> {
    let running = Running::find(sandbox, Writes::default()).await?;
    let process = match &running.facts.background {
        Some(background) => Some(ask(&background.admin).await.ok_or_else(|| sandbox.not_up())?),
        None => None,
    };
    let (gateways, routes) = (gateways(&running).await?, routes(&running.cluster).await?);
    Ok(Status {
        sandbox: sandbox.name.to_string(),
        up: true,
        provider: running.record.provider.clone(),
        gateway: running.record.gateway(),
        seconds: process.as_ref().map(|process| process.seconds),
        pid: running.facts.background.as_ref().map(|background| background.pid),
        api: running.facts.api.clone(),
        kubeconfig: running.facts.kubeconfig.display().to_string(),
        objects: process.as_ref().map(|process| process.objects),
        gateways,
        routes,
        mutant: process.as_ref().and_then(|process| process.mutant.clone()),
        mocks: process.map(|process| process.mocks).unwrap_or_default(),
    })
}

async fn ask(admin: &Admin) -> Option<Process> {
    let client = reqwest::Client::builder().no_proxy().timeout(ANSWER).tls_certs_only([]).build().ok()?;
    let answer = client.get(format!("{}/status", admin.url)).bearer_auth(&admin.token).send().await.ok()?;
    answer.json().await.ok()
}

async fn gateways(running: &Running) -> Result<Vec<GatewayStatus>, SandboxError> {
    let services = running.cluster.list("v1", "Service").await?;
    let service_of = |gateway: &Value| {
        let same = |service: &&Value| {
            service.pointer("/metadata/name") == gateway.pointer("/metadata/name")
                && service.pointer("/metadata/namespace") == gateway.pointer("/metadata/namespace")
        };
        services.iter().find(same)
    };
    let mut found = Vec::new();
    for gateway in running.cluster.list("gateway.networking.k8s.io/v1", "Gateway").await? {
        let url = match service_of(&gateway) {
            Some(service) => running.reach.find(service, None).await,
            None => None,
        };
        let name = format!("{}/{}", text(&gateway, "/metadata/namespace"), text(&gateway, "/metadata/name"));
        found.push(GatewayStatus { name, url, conditions: conditions(&gateway) });
    }
    Ok(found)
}

/// Backends of every line; a cluster serves those of its own.
const BACKENDS: [(&str, &str); 2] =
    [("agentgateway.dev/v1alpha1", "AgentgatewayBackend"), ("gateway.kgateway.dev/v1alpha1", "Backend")];

async fn routes(cluster: &Cluster) -> Result<Vec<RouteStatus>, SandboxError> {
    let routes = cluster.list("gateway.networking.k8s.io/v1", "HTTPRoute").await?;
    let mut backends = Vec::new();
    for (api_version, kind) in BACKENDS {
        backends.extend(cluster.list_if_served(api_version, kind).await?.unwrap_or_default());
    }
    let speaks_mcp = |name: &str| {
        let named = |backend: &&Value| {
            text(backend, "/metadata/namespace") == SANDBOX_NAMESPACE && text(backend, "/metadata/name") == name
        };
        backends.iter().find(named).is_some_and(|backend| backend.pointer("/spec/mcp").is_some())
    };
    let ours = routes.iter().filter(|route| text(route, "/metadata/namespace") == SANDBOX_NAMESPACE);
    let line = |route: &Value| RouteStatus {
        path: text(route, "/spec/rules/0/matches/0/path/value"),
        mcp: speaks_mcp(&text(route, "/spec/rules/0/backendRefs/0/name")),
        backend: text(route, "/spec/rules/0/backendRefs/0/name"),
        conditions: conditions(route),
    };
    Ok(ours.map(line).collect())
}

fn conditions(object: &Value) -> String {
    let all: Vec<String> = conditions_of(object).iter().map(ToString::to_string).collect();
    all.join(", ")
}

fn text(object: &Value, pointer: &str) -> String {
    object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned()
}
