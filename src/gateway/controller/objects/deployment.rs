//! The Deployment of a Gateway.

use super::{config::checksum, generate::Making, merge::merge};
use crate::gateway::controller::{
    line::{Identity, ProxyImage},
    reconcile::{BoundPorts, Settings},
};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Objects whose content restarts pods: the annotation and the object.
pub(super) type Checked<'a> = [(&'static str, &'a Value); 3];

/// The Deployment.
pub(super) fn manifest(making: &Making<'_>, settings: &Settings, checked: Checked<'_>) -> Value {
    let mut annotations = making.gateway.spec.infrastructure.annotations.clone();
    for (name, value) in [("path", "/metrics"), ("port", "15020"), ("scrape", "true")] {
        annotations.entry(format!("prometheus.io/{name}")).or_insert_with(|| value.to_owned());
    }
    annotations.extend(checked.iter().map(|(name, object)| (format!("checksum/{name}"), checksum(object))));
    let template = json!({
        "metadata": {"annotations": annotations, "labels": making.pod_labels()},
        "spec": pod(making, settings),
    });
    let mut deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": making.metadata(""),
        "spec": {"selector": {"matchLabels": making.selector()}, "template": template},
    });
    merge(&mut deployment, &making.parameters["deployment"]);
    deployment
}

fn pod(making: &Making<'_>, settings: &Settings) -> Value {
    let name = &making.gateway.metadata.name;
    let token = json!({"audience": "agentgateway", "expirationSeconds": 43200, "path": "xds-token"});
    let authority = json!({"name": format!("{name}-xds-ca"), "items": [{"key": "ca.crt", "path": "ca.crt"}]});
    let mut pod = json!({
        "serviceAccountName": name,
        "securityContext": {"sysctls": [{"name": "net.ipv4.ip_unprivileged_port_start", "value": "0"}]},
        "containers": [container(making, settings)],
        "volumes": [
            {"name": "config-volume", "configMap": {"name": name}},
            {"name": "xds-token", "projected": {"sources": [{"serviceAccountToken": token}]}},
            {"name": "tmp", "emptyDir": {}},
            {"name": "xds-ca", "configMap": authority},
        ],
        "terminationGracePeriodSeconds": making.parameters["shutdown"]["max"].as_u64().unwrap_or(60),
    });
    if settings.proxy_image.is_some() {
        // The reference proxy asks the API itself.
        pod["automountServiceAccountToken"] = true.into();
    }
    pod
}

fn container(making: &Making<'_>, settings: &Settings) -> Value {
    let ready = json!({"path": "/healthz/ready", "port": 15021});
    let mut resources = json!({"requests": {"cpu": "100m", "memory": "128Mi"}});
    merge(&mut resources, making.parameters.get("resources").unwrap_or(&Value::Object(Map::new())));
    let (image, args) = image_and_args(making, settings);
    json!({
        "name": "agentgateway",
        "image": image,
        "imagePullPolicy": making.parameters["image"]["pullPolicy"].as_str().unwrap_or("IfNotPresent"),
        "securityContext": {
            "allowPrivilegeEscalation": false,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": true,
            "runAsNonRoot": true,
            "runAsUser": 10101,
        },
        "readinessProbe": {"httpGet": ready, "periodSeconds": 10},
        "startupProbe": {
            "failureThreshold": 60, "httpGet": ready, "periodSeconds": 1, "successThreshold": 1, "timeoutSeconds": 2,
        },
        "ports": [{"containerPort": 15020, "name": "metrics", "protocol": "TCP"}],
        "resources": resources,
        "args": args,
        "env": env(making, &settings.identity),
        "volumeMounts": [
            {"name": "config-volume", "mountPath": "/config"},
            {"name": "tmp", "mountPath": "/tmp"},
            {"name": "xds-token", "mountPath": "/var/run/secrets/xds-tokens", "readOnly": true},
            {"name": "xds-ca", "mountPath": "/etc/xds-tls", "readOnly": true},
        ],
    })
}

/// What the container runs: the reference proxy where its image is known, otherwise the real one.
fn image_and_args(making: &Making<'_>, settings: &Settings) -> (String, Value) {
    let parameters = &making.parameters["image"];
    let args = || proxy_args(making, settings);
    match &settings.proxy_image {
        Some(ProxyImage::Fixed(image)) => (image.clone(), args()),
        Some(ProxyImage::Parts { registry, repository, tag }) => {
            (image(parameters, [registry, repository, tag]), args())
        }
        None => {
            let tag = format!("v{}", settings.release);
            let image = image(parameters, ["cr.agentgateway.dev", "agentgateway", &tag]);
            (image, json!(["-f", "/config/config.yaml"]))
        }
    }
}

/// What the reference proxy has to know; what goes without saying for the release is left out.
fn proxy_args(making: &Making<'_>, settings: &Settings) -> Value {
    let gateway = making.gateway.metadata.object_name().to_string();
    let mut args = vec!["gateway", "proxy", "--gateway", &gateway, "--release", &settings.release];
    let (identity, usual) = (&settings.identity, Identity::of(&settings.release));
    if identity.controller != usual.controller {
        args.extend(["--controller-name", &identity.controller]);
    }
    if identity.namespace != usual.namespace {
        args.extend(["--system-namespace", &identity.namespace]);
    }
    json!(args)
}

/// The image of a proxy: registry, repository and tag, each of which parameters may replace.
fn image(parameters: &Value, [registry, repository, tag]: [&str; 3]) -> String {
    let text = |field: &str, default: &str| parameters[field].as_str().unwrap_or(default).to_owned();
    let name = format!("{}/{}", text("registry", registry), text("repository", repository));
    match parameters["digest"].as_str() {
        Some(digest) => format!("{name}@{digest}"),
        None => format!("{name}:{}", text("tag", tag)),
    }
}

fn env(making: &Making<'_>, identity: &Identity) -> Value {
    let shutdown = |field: &str, default: u64| making.parameters["shutdown"][field].as_u64().unwrap_or(default);
    let plain = |name: &str, value: String| json!({"name": name, "value": value});
    let field = |name: &str, path: &str| json!({"name": name, "valueFrom": {"fieldRef": {"fieldPath": path}}});
    let name = &making.gateway.metadata.name;
    let session = json!({"secretKeyRef": {"name": format!("{name}-session-key"), "key": "key"}});
    let mut env = json!([
        plain("TERMINATION_GRACE_PERIOD_SECONDS", shutdown("max", 60).to_string()),
        plain("CONNECTION_MIN_TERMINATION_DEADLINE", format!("{}s", shutdown("min", 10))),
        field("NODE_NAME", "spec.nodeName"),
        field("POD_NAMESPACE", "metadata.namespace"),
        field("POD_NAME", "metadata.name"),
        plain("RUST_BACKTRACE", "1".to_owned()),
        plain("RUST_LOG", making.parameters["logging"]["level"].as_str().unwrap_or("info").to_owned()),
        {"name": "SESSION_KEY", "valueFrom": session},
        plain("XDS_ADDRESS", identity.configuration.clone()),
        plain("XDS_ROOT_CA", "/etc/xds-tls/ca.crt".to_owned()),
        field("NAMESPACE", "metadata.namespace"),
        plain("GATEWAY", name.clone()),
        {"name": "CPU_LIMIT", "valueFrom": {"resourceFieldRef": {"resource": "limits.cpu", "divisor": "1"}}},
        field("INSTANCE_IP", "status.podIP"),
        field("SERVICE_ACCOUNT", "spec.serviceAccountName"),
    ]);
    if let Some(own) = making.parameters["env"].as_array() {
        let entries = env.as_array_mut().map(std::mem::take).unwrap_or_default();
        let kept = entries.into_iter().filter(|entry| !own.iter().any(|other| other["name"] == entry["name"]));
        env = kept.chain(own.iter().cloned()).collect();
    }
    env
}

/// What the Deployment's own controller would report of the proxy in this process: `None` while it is not known whether it
/// listens on all ports of the Gateway that it serves.
pub(super) fn status(live: &Value, manifest: &Value, ports: &BTreeSet<u16>, bound: &BoundPorts) -> Option<Value> {
    let states: Option<Vec<_>> = ports.iter().map(|port| bound.get(port)).collect();
    let failures: Vec<_> = states?.into_iter().filter_map(|state| state.as_ref().err()).cloned().collect();
    let name = manifest["metadata"]["name"].as_str().unwrap_or_default();
    let replicas = manifest["spec"]["replicas"].as_u64().unwrap_or(1);
    let condition = |kind: &str, status: bool, reason: &str, message: String| {
        let status = if status { "True" } else { "False" };
        json!({"type": kind, "status": status, "reason": reason, "message": message, "lastUpdateTime": ""})
    };
    let generation = live["metadata"]["generation"].as_i64().unwrap_or(0);
    let progress = format!("Deployment \"{name}\" has successfully progressed.");
    let progressing = condition("Progressing", true, "NewReplicaSetAvailable", progress);
    if failures.is_empty() {
        let message = "Deployment has minimum availability.".to_owned();
        let available = condition("Available", true, "MinimumReplicasAvailable", message);
        return Some(json!({
            "observedGeneration": generation, "replicas": replicas, "updatedReplicas": replicas,
            "readyReplicas": replicas, "availableReplicas": replicas, "unavailableReplicas": null,
            "conditions": [available, progressing],
        }));
    }
    let message = "Deployment does not have minimum availability.".to_owned();
    let available = condition("Available", false, "MinimumReplicasUnavailable", message);
    let failure = condition("ReplicaFailure", true, "FailedCreate", failures.join("; "));
    Some(json!({
        "observedGeneration": generation, "replicas": replicas, "updatedReplicas": replicas,
        "readyReplicas": null, "availableReplicas": null, "unavailableReplicas": replicas,
        "conditions": [available, progressing, failure],
    }))
}
