//! A cluster of the user's on a real API server with an audit log: what is refused writes nothing.

use super::audit::writes;
use crate::{
    controller::api_server::ApiServer,
    support::{Ran, Sandbox},
};
use kube::{
    Api,
    api::{Patch, PatchParams},
    core::{ApiResource, DynamicObject, GroupVersionKind},
};
use serde_json::{Value, json};

const UP: &str = "up --profile ci-reference --self-image registry.test/agw-sandbox:1 --context t";

struct Stand {
    server: ApiServer,
    home: Sandbox,
}

impl Stand {
    async fn start() -> Option<Self> {
        match ApiServer::start().await {
            Ok(server) => Some(Self { server, home: Sandbox::new() }),
            Err(why) => {
                println!("skipped: {why}");
                None
            }
        }
    }

    fn run(&self, arguments: &str) -> Ran {
        self.home.run_with(arguments, &[("KUBECONFIG", self.server.kubeconfig.to_str().unwrap())])
    }

    fn log(&self) -> String {
        // Before the first call of the user there is no log.
        std::fs::read_to_string(&self.server.audit).unwrap_or_default()
    }

    fn writes(&self) -> Vec<String> {
        writes(&self.log(), "admin")
    }

    async fn apply(&self, object: Value, resource: ApiResource) {
        let name = object["metadata"]["name"].as_str().unwrap().to_owned();
        let api: Api<DynamicObject> = match object["metadata"]["namespace"].as_str() {
            Some(namespace) => Api::namespaced_with(self.server.client.clone(), namespace, &resource),
            None => Api::all_with(self.server.client.clone(), &resource),
        };
        api.patch(&name, &PatchParams::apply("somebody"), &Patch::Apply(&object)).await.unwrap();
    }
}

fn of(group: &str, version: &str, kind: &str) -> ApiResource {
    ApiResource::from_gvk(&GroupVersionKind::gvk(group, version, kind))
}

/// One API server for all that leaves it as it was.
#[tokio::test]
async fn what_is_refused_writes_nothing() {
    let Some(stand) = Stand::start().await else { return };
    without_consent_nothing_is_written_and_nothing_is_kept(&stand);
    what_others_have_there_is_told_before_anything_is_written(&stand).await;
    a_cluster_that_another_sandbox_uses_is_left_to_it(&stand).await;
}

fn without_consent_nothing_is_written_and_nothing_is_kept(stand: &Stand) {
    let before = std::fs::read(&stand.server.kubeconfig).unwrap();
    stand.run(UP).exits(9).says("PROVIDER-32").says("--yes").says("of context t (https://127.0.0.1:");
    stand.run(&format!("{UP} --provider context")).exits(9);
    assert!(stand.log().contains("kube-system"), "the log tells of reads at least");
    assert_eq!(stand.writes(), Vec::<String>::new());
    assert!(!stand.home.state().exists(), "a refusal leaves no state");
    assert_eq!(std::fs::read(&stand.server.kubeconfig).unwrap(), before);
    stand.run("up --provider context").exits(2).says("PROVIDER-30").says("there are: t");
    stand.run("up --profile ci-reference --context nowhere").exits(4).says("PROVIDER-31").says("there are: t");
}

async fn what_others_have_there_is_told_before_anything_is_written(stand: &Stand) {
    let definition = json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {
            "name": "gateways.gateway.networking.k8s.io",
            "labels": {"app.kubernetes.io/managed-by": "Helm"},
            "annotations": {
                "api-approved.kubernetes.io": "https://example.test",
                "gateway.networking.k8s.io/bundle-version": "v1.2.0",
                "gateway.networking.k8s.io/channel": "experimental",
                "meta.helm.sh/release-name": "mesh",
                "meta.helm.sh/release-namespace": "infra",
            },
        },
        "spec": {
            "group": "gateway.networking.k8s.io",
            "scope": "Namespaced",
            "names": {"plural": "gateways", "kind": "Gateway"},
            "versions": [{"name": "v1", "served": true, "storage": true,
                          "schema": {"openAPIV3Schema": {"type": "object"}}}],
        },
    });
    stand.apply(definition, of("apiextensions.k8s.io", "v1", "CustomResourceDefinition")).await;
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "agw-mocks"}});
    stand.apply(namespace, of("", "v1", "Namespace")).await;
    let before = stand.writes();
    stand
        .run(&format!("{UP} --yes"))
        .exits(9)
        .says("SHARED-01")
        .says("gateways.gateway.networking.k8s.io is Gateway API v1.2.0, channel experimental, installed by helm release infra/mesh")
        .says("wanted is Gateway API 1.4 to 1.6 for agentgateway-1.4")
        .says("Namespace agw-mocks is there since");
    assert_eq!(stand.writes(), before);
    assert!(!stand.home.state().exists());
}

async fn a_cluster_that_another_sandbox_uses_is_left_to_it(stand: &Stand) {
    let namespace = json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "agw-sandbox"}});
    stand.apply(namespace, of("", "v1", "Namespace")).await;
    let marker = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": "identity", "namespace": "agw-sandbox"},
        "data": {"id": "somebody-else", "sandbox": "theirs", "created": "2026-01-01T00:00:00Z"},
    });
    stand.apply(marker, of("", "v1", "ConfigMap")).await;
    let before = stand.writes();
    stand.run(&format!("{UP} --yes")).exits(9).says("PROVIDER-33").says("theirs, since 2026-01-01");
    assert_eq!(stand.writes(), before);
}

#[tokio::test]
async fn an_agreement_is_for_the_cluster_and_not_for_its_context() {
    let (Some(one), Some(other)) = (Stand::start().await, Stand::start().await) else { return };
    // No node runs pods there, so `up` comes to its limit; that it began is enough.
    let begun = one.run(&format!("{UP} --yes --timeout 8s"));
    begun.exits(7);
    assert!(one.writes().contains(&"create configmaps agw-sandbox/identity".to_owned()), "{:?}", one.writes());
    let own = one.home.state().join("default/kubeconfig");
    assert!(std::fs::read_to_string(&own).unwrap().contains("current-context: t"));
    // The context leads elsewhere now, and nobody agreed to that; with an agreement the sandbox still is where it is.
    let elsewhere = [("KUBECONFIG", other.server.kubeconfig.to_str().unwrap())];
    one.home.run_with(UP, &elsewhere).exits(9).says("PROVIDER-35").says("agw-sandbox down first");
    assert_eq!(other.writes(), Vec::<String>::new());
    // Without its marker nothing proves that what is there is ours.
    let maps: Api<k8s_openapi::api::core::v1::ConfigMap> = Api::namespaced(one.server.client.clone(), "agw-sandbox");
    maps.delete("identity", &Default::default()).await.unwrap();
    let before = one.writes().len();
    one.run("down").exits(9).says("PROVIDER-34").says("its marker, ConfigMap agw-sandbox/identity, is gone");
    assert_eq!(one.writes().len(), before);
    std::fs::remove_dir_all(one.home.state()).unwrap();
}
