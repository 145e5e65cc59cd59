//! Resources of kgateway 2.1 in the words of `agentgateway.dev`. Source: facts/lifecycle.md B.7.
//!
//! A field that has no counterpart keeps its name, so that it is reported as not done like any other.

use super::policy;
use crate::gateway::controller::resource::Kind;
use serde_json::{Map, Value, json};

/// The API group.
pub(super) const GROUP: &str = "gateway.kgateway.dev";

/// Where the proxy of 2.1 looks for an MCP server that names no path.
const MCP_PATH: &str = "/sse";

/// Translates an object of a kind that the group knows or that refers to one.
pub(super) fn translate(kind: Kind, mut object: Value) -> Value {
    let Some(spec) = object.get_mut("spec") else { return object };
    match kind {
        Kind::Gateway | Kind::GatewayClass | Kind::HttpRoute | Kind::ReferenceGrant => rename_references(spec),
        Kind::Backend => *spec = backend(spec),
        Kind::Parameters => *spec = parameters(spec),
        Kind::Policy => {
            rename_references(spec);
            *spec = policy::translate(spec);
        }
        _ => {}
    }
    object
}

/// Renames what references name, wherever they stand.
fn rename_references(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(rename_references),
        Value::Object(fields) => {
            if let Some((group, kind)) = renamed(fields) {
                fields.insert("group".to_owned(), group.into());
                fields.insert("kind".to_owned(), kind.into());
            }
            fields.values_mut().for_each(rename_references);
        }
        _ => {}
    }
}

fn renamed(reference: &Map<String, Value>) -> Option<(String, String)> {
    let text = |field: &str| reference.get(field).and_then(Value::as_str);
    let (group, kind) = (text("group")?, text("kind")?);
    let own = Kind::Backend.group();
    let kind = match (group, kind) {
        (GROUP, "Backend") => Kind::Backend.name().to_owned(),
        (GROUP, "TrafficPolicy") => Kind::Policy.name().to_owned(),
        (GROUP, "GatewayParameters") => Kind::Parameters.name().to_owned(),
        // This line does not know the group: it must not find what only looks like it after the translation.
        (group, kind) if group == own => format!("{kind} of another line"),
        _ => return None,
    };
    Some((own.to_owned(), kind))
}

fn backend(spec: &Value) -> Value {
    match spec["type"].as_str() {
        Some("AI") => llm(&spec["ai"]),
        Some("MCP") => json!({"mcp": mcp(&spec["mcp"])}),
        Some("Static") => json!({"static": plain(&spec["static"])}),
        other => json!({other.unwrap_or("type"): {}}),
    }
}

/// `ai.llm` holds provider and address side by side; the credential is a part of the provider.
fn llm(ai: &Value) -> Value {
    let Some(fields) = ai["llm"].as_object() else { return json!({"ai": {"groups": ai["priorityGroups"]}}) };
    let mut provider = Map::new();
    let mut policies = Map::new();
    for (field, value) in fields {
        let value = match (field.as_str(), value) {
            ("path", path) => path["full"].clone(),
            (_, Value::Object(settings)) if settings.contains_key("authToken") => {
                policies.extend(credential(&settings["authToken"]).map(|auth| ("auth".to_owned(), auth)));
                json!({"model": settings.get("model")})
            }
            (_, value) => value.clone(),
        };
        provider.insert(field.clone(), value);
    }
    json!({"ai": {"provider": provider}, "policies": policies})
}

/// `Passthrough` leaves the client's credential where it is, as no credential at all does.
fn credential(token: &Value) -> Option<Value> {
    match token["kind"].as_str()? {
        "Inline" => Some(json!({"key": token["inline"]})),
        "SecretRef" => Some(json!({"secretRef": token["secretRef"]})),
        _ => None,
    }
}

fn mcp(mcp: &Value) -> Value {
    let targets = mcp["targets"].as_array().into_iter().flatten().map(|target| {
        let mut target = target.clone();
        if let Some(server) = target.get_mut("static").and_then(Value::as_object_mut) {
            server.entry("path").or_insert_with(|| MCP_PATH.into());
        }
        if let Some(selector) = target.get_mut("selector") {
            let mut plural = Map::new();
            for (singular, name) in [("namespace", "namespaces"), ("service", "services")] {
                plural.extend(selector.get(singular).map(|labels| (name.to_owned(), labels.clone())));
            }
            *selector = Value::Object(plural);
        }
        target
    });
    json!({"targets": targets.collect::<Vec<_>>()})
}

/// One host is all that the successor has; more are left as they are, which is not done.
fn plain(server: &Value) -> Value {
    let hosts = server["hosts"].as_array();
    let mut fields = server.as_object().cloned().unwrap_or_default();
    if let Some([host]) = hosts.map(Vec::as_slice) {
        fields.remove("hosts");
        fields.extend(host.as_object().cloned().unwrap_or_default());
    }
    Value::Object(fields)
}

fn parameters(spec: &Value) -> Value {
    let kube = &spec["kube"];
    let mut own = Map::new();
    let proxy = &kube["agentgateway"];
    if let Some(level) = proxy.get("logLevel") {
        own.insert("logging".to_owned(), json!({"level": level}));
    }
    for field in ["env", "image", "resources"] {
        own.extend(proxy.get(field).map(|value| (field.to_owned(), value.clone())));
    }
    if let Some(service) = kube["service"].as_object() {
        let part = |from: &str, to: &str| service.get(from).map(|value| (to.to_owned(), value.clone()));
        let spec: Map<_, _> = ["clusterIP", "externalTrafficPolicy", "ports", "type"]
            .iter()
            .filter_map(|field| part(field, field))
            .collect();
        let metadata: Map<_, _> =
            [part("extraLabels", "labels"), part("extraAnnotations", "annotations")].into_iter().flatten().collect();
        own.insert("service".to_owned(), json!({"spec": spec, "metadata": metadata}));
    }
    if let Some(replicas) = kube["deployment"].get("replicas") {
        own.insert("deployment".to_owned(), json!({"spec": {"replicas": replicas}}));
    }
    Value::Object(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(kind: Kind, text: &str) -> Value {
        let spec: Value = serde_yaml::from_str(text).unwrap();
        translate(kind, json!({"metadata": {"name": "x"}, "spec": spec}))["spec"].clone()
    }

    #[test]
    fn a_provider_loses_its_credential_to_the_policies() {
        let old = "{type: AI, ai: {llm: {openai: {model: m, authToken: {kind: SecretRef, secretRef: {name: k}}}, host: h, port: 1, path: {full: /v1}}}}";
        let expected = json!({
            "ai": {"provider": {"openai": {"model": "m"}, "host": "h", "port": 1, "path": "/v1"}},
            "policies": {"auth": {"secretRef": {"name": "k"}}},
        });
        assert_eq!(spec(Kind::Backend, old), expected);
        let open = "{type: AI, ai: {llm: {gemini: {apiVersion: v1, model: m, authToken: {kind: Passthrough}}}}}";
        let expected = json!({"ai": {"provider": {"gemini": {"model": "m"}}}, "policies": {}});
        assert_eq!(spec(Kind::Backend, open), expected);
    }

    #[test]
    fn servers_keep_their_place_and_what_has_none_its_name() {
        let old = "{type: MCP, mcp: {targets: [{name: a, static: {host: h, port: 1}}, {name: b, selector: {service: {matchLabels: {app: tools}}}}]}}";
        let expected = json!({"mcp": {"targets": [
            {"name": "a", "static": {"host": "h", "port": 1, "path": "/sse"}},
            {"name": "b", "selector": {"services": {"matchLabels": {"app": "tools"}}}},
        ]}});
        assert_eq!(spec(Kind::Backend, old), expected);
        let one = "{type: Static, static: {hosts: [{host: h, port: 1}]}}";
        assert_eq!(spec(Kind::Backend, one), json!({"static": {"host": "h", "port": 1}}));
        assert_eq!(spec(Kind::Backend, "{type: AWS, aws: {}}"), json!({"AWS": {}}));
    }

    #[test]
    fn references_lead_to_what_was_translated_and_nowhere_else() {
        let route = "{rules: [{backendRefs: [{group: gateway.kgateway.dev, kind: Backend, name: a}, {group: agentgateway.dev, kind: AgentgatewayBackend, name: a}, {kind: Service, name: s}]}]}";
        let expected = json!({"rules": [{"backendRefs": [
            {"group": "agentgateway.dev", "kind": "AgentgatewayBackend", "name": "a"},
            {"group": "agentgateway.dev", "kind": "AgentgatewayBackend of another line", "name": "a"},
            {"kind": "Service", "name": "s"},
        ]}]});
        assert_eq!(spec(Kind::HttpRoute, route), expected);
    }

    #[test]
    fn parameters_steer_the_service_and_the_log() {
        let old = "{kube: {agentgateway: {enabled: true, logLevel: debug}, service: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}}}";
        let expected = json!({
            "logging": {"level": "debug"},
            "service": {"spec": {"type": "NodePort", "ports": [{"port": 80, "nodePort": 30080}]}, "metadata": {}},
        });
        assert_eq!(spec(Kind::Parameters, old), expected);
    }
}
