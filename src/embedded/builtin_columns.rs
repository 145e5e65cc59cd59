//! Cells of built-in kinds that are computed.
//! Source: kubernetes `pkg/printers/internalversion/printers.go`.

use super::table::age;
use serde_json::Value;

const NONE: &str = "<none>";

/// The cell of the computed column `name`.
pub(super) fn cell(name: &str, object: &Value) -> Value {
    let count = |pointer: &str| object.pointer(pointer).and_then(Value::as_i64).unwrap_or(0);
    let length = |field: &str| match &object[field] {
        Value::Object(fields) => fields.len(),
        Value::Array(items) => items.len(),
        _ => 0,
    };
    match name {
        "age" => since(&object["metadata"]["creationTimestamp"]).into(),
        "config" => (length("data") + length("binaryData")).into(),
        "secret" => length("data").into(),
        "secrets" => length("secrets").into(),
        "validations" => object["spec"]["validations"].as_array().map_or(0, Vec::len).into(),
        "ready" => format!("{}/{}", count("/status/readyReplicas"), count("/spec/replicas")).into(),
        "updated" => count("/status/updatedReplicas").into(),
        "available" => count("/status/availableReplicas").into(),
        "desired" => count("/spec/replicas").into(),
        "current" => count("/status/replicas").into(),
        "readycount" => count("/status/readyReplicas").into(),
        "scheduled" => count("/status/desiredNumberScheduled").into(),
        "completions" => format!("{}/{}", count("/status/succeeded"), count("/spec/completions").max(1)).into(),
        "seen" => since(first_of(object, &["lastTimestamp", "eventTime", "firstTimestamp"])).into(),
        "first" => since(first_of(object, &["firstTimestamp", "eventTime"])).into(),
        "count" => object["count"].as_i64().unwrap_or(1).into(),
        _ => text_cell(name, object).into(),
    }
}

fn text_cell(name: &str, object: &Value) -> String {
    let text = |pointer: &str| object.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let or_none = |text: String| if text.is_empty() { NONE.to_owned() } else { text };
    match name {
        "external" => external_address(object),
        "ports" => service_ports(object),
        "selector" => or_none(pairs(&object["spec"]["selector"])),
        "matchlabels" => or_none(pairs(&object["spec"]["selector"]["matchLabels"])),
        "endpoints" => NONE.to_owned(),
        "involved" => {
            let subject = if object["involvedObject"].is_object() { "involvedObject" } else { "regarding" };
            let kind = object[subject]["kind"].as_str().unwrap_or_default().to_lowercase();
            format!("{kind}/{}", object[subject]["name"].as_str().unwrap_or_default())
        }
        "containers" => {
            let all = list(object, "/spec/containers").len();
            let ready = list(object, "/status/containerStatuses").iter().filter(|s| s["ready"] == true).count();
            format!("{ready}/{all}")
        }
        "podphase" if !object["metadata"]["deletionTimestamp"].is_null() => "Terminating".to_owned(),
        "podphase" => text("/status/phase"),
        "restarts" => {
            let counts = list(object, "/status/containerStatuses").iter().filter_map(|s| s["restartCount"].as_i64());
            counts.sum::<i64>().to_string()
        }
        "podip" => or_none(text("/status/podIP")),
        "node" => or_none(text("/spec/nodeName")),
        "containernames" => names(object, "name"),
        "images" => names(object, "image"),
        "role" => format!("{}/{}", text("/roleRef/kind"), text("/roleRef/name")),
        "sliceports" => or_none(join(list(object, "/ports").iter().map(|port| port["port"].to_string()))),
        "sliceendpoints" => {
            let addresses = list(object, "/endpoints").iter().filter_map(|endpoint| endpoint["addresses"][0].as_str());
            or_none(join(addresses.map(str::to_owned)))
        }
        "jobstatus" => "Running".to_owned(),
        "nodestatus" => "Unknown".to_owned(),
        "paramkind" if object["spec"]["paramKind"].is_object() => {
            format!("{}/{}", text("/spec/paramKind/apiVersion"), text("/spec/paramKind/kind"))
        }
        "paramkind" => "<unset>".to_owned(),
        "paramref" if object["spec"]["paramRef"].is_object() => {
            format!("{}/{}", text("/spec/paramRef/namespace"), text("/spec/paramRef/name"))
        }
        "paramref" => "<unset>".to_owned(),
        _ => NONE.to_owned(),
    }
}

fn since(time: &Value) -> String {
    time.as_str().map_or_else(|| "<unknown>".to_owned(), age)
}

fn first_of<'a>(object: &'a Value, fields: &[&str]) -> &'a Value {
    fields.iter().map(|field| &object[*field]).find(|value| value.is_string()).unwrap_or(&Value::Null)
}

fn list<'a>(object: &'a Value, pointer: &str) -> &'a [Value] {
    object.pointer(pointer).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

fn pairs(labels: &Value) -> String {
    let mut pairs: Vec<String> = labels
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default()))
        .collect();
    pairs.sort();
    pairs.join(",")
}

fn names(object: &Value, field: &str) -> String {
    let containers = list(object, "/spec/template/spec/containers");
    join(containers.iter().map(|container| container[field].as_str().unwrap_or_default().to_owned()))
}

fn external_address(object: &Value) -> String {
    let spec = &object["spec"];
    match spec["type"].as_str() {
        Some("ExternalName") => spec["externalName"].as_str().unwrap_or(NONE).to_owned(),
        Some("LoadBalancer") => {
            let ingress = list(object, "/status/loadBalancer/ingress").iter();
            let found = join(ingress.filter_map(|to| to["ip"].as_str().or(to["hostname"].as_str())).map(str::to_owned));
            if found.is_empty() { "<pending>".to_owned() } else { found }
        }
        _ => {
            let found = join(list(spec, "/externalIPs").iter().filter_map(Value::as_str).map(str::to_owned));
            if found.is_empty() { NONE.to_owned() } else { found }
        }
    }
}

fn service_ports(object: &Value) -> String {
    let ports = list(object, "/spec/ports");
    if ports.is_empty() {
        return NONE.to_owned();
    }
    join(ports.iter().map(|port| {
        let protocol = port["protocol"].as_str().unwrap_or("TCP");
        match port["nodePort"].as_i64() {
            Some(node_port) => format!("{}:{node_port}/{protocol}", port["port"]),
            None => format!("{}/{protocol}", port["port"]),
        }
    }))
}
