//! A plan as the commands that do the same by hand. Secrets appear as the variables that hold them.

use super::text::about;
use crate::canonical::{KeySource, SecretSpec};
use crate::cluster::ObjectKey;
use crate::plan::{ObjectSet, Plan, PlannedStep, Probe, Step, TrafficProof};
use serde_json::Value;

/// The script.
pub fn render(plan: &Plan) -> String {
    let mut text =
        format!("#!/usr/bin/env bash\n# Sandbox {} on {}, by hand.\nset -euo pipefail\n", plan.sandbox, plan.provider);
    for step in &plan.steps {
        text += &format!("\n# {} ({}): {}\n", step.id, step.fingerprint, about(&step.step));
        text += &commands(plan, step);
    }
    text
}

fn commands(plan: &Plan, planned: &PlannedStep) -> String {
    match &planned.step {
        Step::Cluster(cluster) => {
            let home = format!("${{AGW_SANDBOX_HOME:-$HOME/.local/state/agw-sandbox}}/{}", plan.sandbox);
            format!("{}\nexport KUBECONFIG=\"{home}/kubeconfig\"\n", cluster.by_hand(&plan.sandbox, &home))
        }
        Step::Nodes => "kubectl wait --for=condition=Ready node --all --timeout=120s\n".to_owned(),
        // No other tool makes it: the program packs itself.
        Step::Image(image) => {
            format!("docker image inspect {} > /dev/null   # `agw-sandbox up` makes it of itself\n", image.reference)
        }
        Step::Pull(set) => set.images.iter().map(super::install::pull).collect(),
        Step::Load(set) => super::install::load(&set.references, &plan.sandbox),
        Step::GatewayApi(choice) => super::install::gateway_api(choice),
        Step::Chart(release) => super::install::chart(release),
        Step::Definitions(set) => {
            format!("agw-sandbox definitions {} | kubectl apply --server-side -f -\n", set.source)
        }
        Step::Mocks(set) => apply(&set.objects),
        Step::Objects(set) => objects(set),
        Step::HostAlias => "# add host.internal to the Corefile of ConfigMap kube-system/coredns\n".to_owned(),
        Step::Host(question) => format!("curl -fsS http://{}/api/tags || true\n", question.authority),
        Step::Access(access) => format!(
            "port=$(kubectl -n {} get service {} -o jsonpath='{{.spec.ports[?(@.port=={})].nodePort}}')\nurl=http://127.0.0.1:$port\n",
            access.namespace, access.gateway, access.port
        ),
        Step::Traffic(proof) => traffic(proof),
    }
}

fn objects(set: &ObjectSet) -> String {
    let mut text = apply(&set.objects);
    for secret in &set.secrets {
        text += &secret_command(secret);
    }
    text += &set.ready.iter().map(wait).collect::<String>();
    text
}

/// Conditions of routes and policies are kept for each parent, where `--for=condition` does not look.
fn wait(key: &ObjectKey) -> String {
    let namespace = key.namespace.as_ref().map(|name| format!("-n {name} ")).unwrap_or_default();
    let object = format!("{}/{}", key.kind.to_lowercase(), key.name);
    let nested =
        |list: &str| format!("--for=jsonpath='{{.status.{list}[0].conditions[?(@.type==\"Accepted\")].status}}'=True");
    let wanted = match key.kind.as_str() {
        "HTTPRoute" => nested("parents"),
        "AgentgatewayPolicy" => nested("ancestors"),
        "Deployment" => "--for=condition=Available".to_owned(),
        _ => "--for=condition=Accepted".to_owned(),
    };
    let there = format!("kubectl {namespace}wait --for=create {object} --timeout=30s\n");
    format!("{there}kubectl {namespace}wait {wanted} {object} --timeout=30s\n")
}

fn secret_command(secret: &SecretSpec) -> String {
    let mut text = format!("kubectl -n {} create secret generic {}", secret.namespace, secret.name);
    for (key, source) in &secret.data {
        text += &match source {
            KeySource::FromEnv(variable) => format!(" --from-literal={key}=\"${variable}\""),
            KeySource::Fake(value) => format!(" --from-literal={key}='{value}'"),
        };
    }
    text + " --dry-run=client -o yaml | kubectl apply --server-side -f -\n"
}

fn apply(objects: &[Value]) -> String {
    if objects.is_empty() {
        return String::new();
    }
    let documents: Vec<String> =
        objects.iter().map(|object| serde_yaml::to_string(object).unwrap_or_default()).collect();
    format!("kubectl apply --server-side -f - <<'YAML'\n{}YAML\n", documents.join("---\n"))
}

fn traffic(proof: &TrafficProof) -> String {
    let command = match &proof.probe {
        Probe::Chat { path } => format!(
            "curl -fsS \"$url{path}\" -H 'content-type: application/json' -d '{{\"model\":\"gpt-4o-mini\",\"messages\":[{{\"role\":\"user\",\"content\":\"hello\"}}]}}'"
        ),
        Probe::Any => "curl -sS \"$url/\"".to_owned(),
    };
    format!("for _ in $(seq {}); do {command}; done\n", proof.requests)
}
