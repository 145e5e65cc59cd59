//! What the API server fills in for built-in kinds, where a client would notice it missing.
//! Source: kubernetes `pkg/apis/*/v1/defaults.go`, seen again at a real kube-apiserver 1.34.

use base64::Engine as _;
use serde_json::{Map, Value, json};

/// Fills in what the object does not say; done before ownership of fields is recorded.
pub(in crate::embedded) fn default_object(group: &str, kind: &str, object: &mut Value) {
    match (group, kind) {
        ("", "Namespace") => default_namespace(object),
        ("", "Secret") => default_secret(object),
        ("", "Service") => default_service(object),
        ("apps", "Deployment" | "StatefulSet" | "ReplicaSet") => {
            set_if_missing(object, "/spec", "replicas", json!(1));
        }
        ("apiextensions.k8s.io", "CustomResourceDefinition") => default_definition(object),
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => default_binding(object),
        _ => {}
    }
}

/// Fills in what only a stored object has: done after ownership of fields is recorded. `number` counts Services.
pub(in crate::embedded) fn allocate(group: &str, kind: &str, object: &mut Value, number: u32) {
    match (group, kind) {
        ("", "Namespace") => {
            set_if_missing(object, "", "spec", json!({"finalizers": ["kubernetes"]}));
            set_if_missing(object, "", "status", json!({"phase": "Active"}));
        }
        ("", "Service") => allocate_address(object, number),
        ("", "Pod") => set_if_missing(object, "", "status", json!({"phase": "Pending"})),
        ("apps", _) | ("batch", "Job") => set_if_missing(object, "", "status", json!({})),
        _ => {}
    }
}

fn set_if_missing(object: &mut Value, parent: &str, key: &str, value: Value) {
    if let Some(Value::Object(parent)) = object.pointer_mut(parent) {
        let entry = parent.entry(key).or_insert(Value::Null);
        if entry.is_null() {
            *entry = value;
        }
    }
}

fn default_namespace(object: &mut Value) {
    let name = object["metadata"]["name"].clone();
    if name.is_null() {
        return;
    }
    set_if_missing(object, "/metadata", "labels", json!({}));
    if let Some(labels) = object.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.insert("kubernetes.io/metadata.name".to_owned(), name);
    }
}

fn default_secret(object: &mut Value) {
    set_if_missing(object, "", "type", json!("Opaque"));
    let Some(Value::Object(plain)) = object.as_object_mut().and_then(|secret| secret.shift_remove("stringData")) else {
        return;
    };
    set_if_missing(object, "", "data", json!({}));
    if let Some(Value::Object(data)) = object.get_mut("data") {
        for (key, value) in plain {
            let text = value.as_str().unwrap_or_default();
            data.insert(key, base64::engine::general_purpose::STANDARD.encode(text).into());
        }
    }
}

fn default_service(object: &mut Value) {
    let Some(Value::Object(spec)) = object.get_mut("spec") else { return };
    let mut missing = |key: &str, value: Value| {
        if spec.get(key).is_none_or(Value::is_null) {
            spec.insert(key.to_owned(), value);
        }
    };
    missing("type", json!("ClusterIP"));
    missing("sessionAffinity", json!("None"));
    let external_name = spec.get("type").is_some_and(|kind| kind == "ExternalName");
    if !external_name && spec.get("internalTrafficPolicy").is_none() {
        spec.insert("internalTrafficPolicy".to_owned(), json!("Cluster"));
    }
    for port in spec.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        let Value::Object(port) = port else { continue };
        port.entry("protocol").or_insert_with(|| json!("TCP"));
        if let Some(number) = port.get("port").cloned() {
            port.entry("targetPort").or_insert(number);
        }
    }
}

fn allocate_address(object: &mut Value, number: u32) {
    if object["status"].is_null() {
        object["status"] = json!({"loadBalancer": {}});
    }
    let Some(Value::Object(spec)) = object.get_mut("spec") else { return };
    if spec.get("type").is_some_and(|kind| kind == "ExternalName") {
        return;
    }
    let address = match spec.get("clusterIP").and_then(Value::as_str).filter(|address| !address.is_empty()) {
        Some(address) => address.to_owned(),
        // Within 10.96.0.0/12, the range of kubeadm and kind; .1 is the API itself.
        None => {
            let host = number % 0x000f_fffe + 2;
            format!("10.{}.{}.{}", 96 + (host >> 16), (host >> 8) & 255, host & 255)
        }
    };
    spec.insert("clusterIP".to_owned(), address.clone().into());
    spec.insert("clusterIPs".to_owned(), json!([address]));
    spec.entry("ipFamilies").or_insert_with(|| json!(["IPv4"]));
    spec.entry("ipFamilyPolicy").or_insert_with(|| json!("SingleStack"));
}

fn default_definition(object: &mut Value) {
    set_if_missing(object, "/spec", "conversion", json!({"strategy": "None"}));
    let kind = object["spec"]["names"]["kind"].as_str().unwrap_or_default().to_owned();
    set_if_missing(object, "/spec/names", "singular", kind.to_lowercase().into());
    set_if_missing(object, "/spec/names", "listKind", format!("{kind}List").into());
}

fn default_binding(object: &mut Value) {
    for subject in object.get_mut("subjects").and_then(Value::as_array_mut).into_iter().flatten() {
        let rbac = matches!(subject["kind"].as_str(), Some("User" | "Group"));
        if let (true, Value::Object(subject)) = (rbac, subject) {
            let subject: &mut Map<String, Value> = subject;
            subject.entry("apiGroup").or_insert_with(|| json!("rbac.authorization.k8s.io"));
        }
    }
}
