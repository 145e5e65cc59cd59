//! What the controller says, row by row as the real one was seen to say it (facts/controller.md 3 to 8).

mod backends;
mod gateways;
mod objects;
mod policies;
mod routes;

use super::*;
use crate::gateway::{
    Mutant,
    controller::resource::{Kind, ObjectKey, Snapshot},
    table::{Backend, BackendFault, Listener, Rule},
};
use serde_json::Value;
use std::sync::Arc;

/// What every case starts from: an accepted class, a Gateway, a Service and a backend.
const GROUND: &str = r"
{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: agentgateway, uid: c, generation: 1}, spec: {controllerName: agentgateway.dev/agentgateway}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: ns, labels: {team: a}}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: other, labels: {team: b}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: ns, uid: g, generation: 3}
spec: {gatewayClassName: agentgateway, listeners: [{name: http, protocol: HTTP, port: 8080}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: ns, uid: s}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: web-1, namespace: ns, labels: {kubernetes.io/service-name: web}}
endpoints: [{addresses: [10.0.0.1]}, {addresses: [10.0.0.2], conditions: {ready: false}}]
ports: [{name: http, port: 9090}]
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: llm, namespace: ns, generation: 2}
spec: {ai: {provider: {openai: {model: m}, host: llm.test, port: 81, pathPrefix: /v1}}}
";

/// A cluster with the ground and some more objects.
struct Case(Snapshot, Settings);

fn cluster(more: &str) -> Case {
    let mut snapshot = Snapshot::default();
    for text in [GROUND, more] {
        let objects: Vec<Value> = serde_yaml::from_multiple(text).unwrap();
        for object in objects {
            let group = object["apiVersion"].as_str().unwrap().rsplit_once('/').map_or("", |(group, _)| group);
            let kind = Kind::of(group, object["kind"].as_str().unwrap()).unwrap();
            snapshot.insert(kind, object).unwrap();
        }
    }
    Case(snapshot, Settings { release: "1.4.1".to_owned(), ..Settings::default() })
}

/// A route of `ns` to the Gateway, with this in its spec beside the parent.
fn route(name: &str, spec: &str) -> String {
    format!(
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {{name: {name}, namespace: ns, generation: 1}}\nspec: {{parentRefs: [{{name: gw}}], {spec}}}\n"
    )
}

fn to(backend: &str) -> String {
    format!("rules: [{{backendRefs: [{backend}]}}]")
}

const TO_LLM: &str = "{group: agentgateway.dev, kind: AgentgatewayBackend, name: llm}";

/// A policy of `ns` on a target, with these sections.
fn policy(name: &str, kind: &str, target: &str, sections: &str) -> String {
    let group = if kind == "AgentgatewayBackend" { "agentgateway.dev" } else { "gateway.networking.k8s.io" };
    format!(
        "---\napiVersion: agentgateway.dev/v1alpha1\nkind: AgentgatewayPolicy\nmetadata: {{name: {name}, namespace: ns, generation: 1}}\nspec: {{targetRefs: [{{group: {group}, kind: {kind}, name: {target}}}], {sections}}}\n"
    )
}

impl Case {
    fn with(mut self, mutant: Mutant) -> Self {
        self.1.mutant = Some(mutant);
        self
    }

    fn desired(&self) -> Desired {
        reconcile(&self.0, &self.1)
    }

    fn status(&self, kind: Kind, name: &str) -> Value {
        let namespace = if kind == Kind::GatewayClass { "" } else { "ns" };
        self.desired().statuses.remove(&ObjectKey::new(kind, namespace, name)).unwrap_or_default()
    }

    /// Conditions of a route's only parent, `Accepted=True Accepted …`.
    fn route(&self) -> Vec<String> {
        told(&self.status(Kind::HttpRoute, "r")["parents"][0]["conditions"])
    }

    /// Ancestors of a policy and their conditions.
    fn policy(&self) -> Vec<(String, Vec<String>)> {
        let status = self.status(Kind::Policy, "p");
        let ancestors = status["ancestors"].as_array().cloned().unwrap_or_default();
        let name = |entry: &Value| entry["ancestorRef"]["name"].as_str().unwrap().to_owned();
        ancestors.iter().map(|entry| (name(entry), told(&entry["conditions"]))).collect()
    }

    fn listener(&self) -> Arc<Listener> {
        self.desired().table.listeners[0].clone()
    }

    fn rule(&self) -> Arc<Rule> {
        self.listener().routes[0].rules[0].clone()
    }

    fn backend(&self) -> Backend {
        self.rule().backends[0].backend.as_ref().clone()
    }
}

fn told(conditions: &Value) -> Vec<String> {
    let text = |condition: &Value, field: &str| condition[field].as_str().unwrap().to_owned();
    let line = |condition: &Value| {
        let [kind, status, reason, message] =
            ["type", "status", "reason", "message"].map(|field| text(condition, field));
        format!("{kind}={status} {reason} {message}").trim_end().to_owned()
    };
    conditions.as_array().unwrap().iter().map(line).collect()
}

const GOOD_ROUTE: [&str; 2] = ["Accepted=True Accepted", "ResolvedRefs=True ResolvedRefs"];
