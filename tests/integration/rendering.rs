//! Rows × lines: every scenario is rendered for every release line, and that line's own definitions judge it, strictly and
//! with their CEL rules. What a line cannot say is a skip with a reason, in a list that is checked in: a new one fails.

use crate::lines::stand::definitions_of;
use agw_sandbox::canonical::GatewayRef;
use agw_sandbox::embedded::Api;
use agw_sandbox::release::{ReleaseLine, lines};
use agw_sandbox::scenario::{Catalogue, Scenario, TargetFacts, manifests, reason_to_skip};
use http::Request;
use kube::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An API that has the definitions of one line.
struct Judge {
    client: Client,
    /// Paths of collections by API version and kind, `{}` for the namespace.
    paths: BTreeMap<(String, String), String>,
}

impl Judge {
    async fn of(definitions: &[Value]) -> Self {
        let mut judge = Self { client: Api::new().client(), paths: core_kinds() };
        for definition in definitions {
            let answer = judge.post("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition).await;
            assert_eq!(answer, Ok(()), "{}", definition["metadata"]["name"]);
            let spec = &definition["spec"];
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            let namespaces = if spec["scope"] == "Namespaced" { "/namespaces/{}" } else { "" };
            for version in spec["versions"].as_array().unwrap().iter().filter(|version| version["served"] == true) {
                let group_version = format!("{}/{}", text(&spec["group"]), text(&version["name"]));
                let path = format!("/apis/{group_version}{namespaces}/{}", text(&spec["names"]["plural"]));
                judge.paths.insert((group_version, text(&spec["names"]["kind"])), path);
            }
        }
        judge
    }

    /// Whether an object would be created, unknown fields being errors.
    async fn takes(&self, object: &Value) -> Result<(), String> {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let kind = (text(&object["apiVersion"]), text(&object["kind"]));
        let path = self.paths.get(&kind).ok_or_else(|| format!("the line has no {} {}", kind.0, kind.1))?;
        let namespace = text(&object["metadata"]["namespace"]);
        self.post(&format!("{}?dryRun=All&fieldValidation=Strict", path.replace("{}", &namespace)), object).await
    }

    async fn post(&self, path: &str, object: &Value) -> Result<(), String> {
        let request = Request::post(path).header("content-type", "application/json");
        let request = request.body(object.to_string().into_bytes()).unwrap();
        match self.client.request_text(request).await {
            Ok(_) => Ok(()),
            Err(kube::Error::Api(status)) => Err(status.message.clone()),
            Err(other) => Err(other.to_string()),
        }
    }
}

/// Kinds that every cluster has.
fn core_kinds() -> BTreeMap<(String, String), String> {
    let core = [
        ("Namespace", "/api/v1/namespaces"),
        ("Service", "services"),
        ("Secret", "secrets"),
        ("ConfigMap", "configmaps"),
    ];
    let path = |path: &str| match path.starts_with('/') {
        true => path.to_owned(),
        false => format!("/api/v1/namespaces/{{}}/{path}"),
    };
    let mut kinds: BTreeMap<_, _> =
        core.iter().map(|(kind, at)| (("v1".to_owned(), (*kind).to_owned()), path(at))).collect();
    let deployments = "/apis/apps/v1/namespaces/{}/deployments".to_owned();
    kinds.insert(("apps/v1".to_owned(), "Deployment".to_owned()), deployments);
    let slices = "/apis/discovery.k8s.io/v1/namespaces/{}/endpointslices".to_owned();
    kinds.insert(("discovery.k8s.io/v1".to_owned(), "EndpointSlice".to_owned()), slices);
    kinds
}

fn facts_of(line: &ReleaseLine) -> TargetFacts {
    TargetFacts {
        line: line.name.clone(),
        release: line.newest.to_string(),
        provider: "kind".to_owned(),
        implementation: "real".to_owned(),
    }
}

/// Why a line cannot say a scenario; what this machine lacks is another matter.
fn unsaid(scenario: &Scenario, line: &ReleaseLine) -> Option<String> {
    let of_machine = |reason: &String| reason.contains("environment variable") || reason.contains("AGW_MCP_SUITE");
    reason_to_skip(scenario, &facts_of(line)).filter(|reason| !of_machine(reason))
}

#[test]
fn what_a_line_cannot_say_is_in_the_list() {
    let mut skips = Vec::new();
    for line in lines() {
        for scenario in Catalogue::built_in().unwrap().all() {
            let reason = unsaid(scenario, line);
            skips.extend(reason.map(|reason| format!("{} {}: {reason}", line.name, scenario.id)));
        }
    }
    skips.sort();
    insta::assert_snapshot!("skips", skips.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_definitions_of_every_line_take_every_scenario() {
    let gateway = GatewayRef { namespace: "agw-sandbox".to_owned(), name: "ai-gateway".to_owned() };
    let (mut rendered, mut refused) = (0, Vec::new());
    for line in lines() {
        let Some(definitions) = definitions_of(line) else { continue };
        let judge = Judge::of(&definitions).await;
        for scenario in Catalogue::built_in().unwrap().all() {
            if unsaid(scenario, line).is_some() {
                continue;
            }
            let objects = manifests(scenario, &line.name, &gateway).unwrap();
            rendered += 1;
            for namespace in scenario.namespaces() {
                let object = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}});
                // There already from another row of the same line.
                let _ = judge.post("/api/v1/namespaces", &object).await;
            }
            for object in objects.iter().filter(|object| object["kind"] != "Namespace") {
                if let Err(why) = judge.takes(object).await {
                    refused.push(format!("{} {} {}: {why}", line.name, scenario.id, object["kind"]));
                }
            }
        }
    }
    println!("{rendered} renderings of rows for lines");
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[tokio::test]
async fn a_field_that_a_line_does_not_have_is_refused() {
    let Some(line) = lines().iter().find(|line| line.name == "agentgateway-1.4") else { return };
    let Some(definitions) = definitions_of(line) else { return };
    let judge = Judge::of(&definitions).await;
    let backend = |spec: Value| {
        json!({"apiVersion": "agentgateway.dev/v1alpha1", "kind": "AgentgatewayBackend",
            "metadata": {"name": "x", "namespace": "default"}, "spec": spec})
    };
    let typo = judge.takes(&backend(json!({"ai": {"provider": {"openai": {}}}, "aii": 1}))).await;
    assert!(typo.unwrap_err().contains("unknown field \"spec.aii\""));
    let rule = judge.takes(&backend(json!({"ai": {"provider": {"openai": {}, "host": "x"}}}))).await;
    assert!(rule.unwrap_err().contains("both host and port must be set together"));
}
