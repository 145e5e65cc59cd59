//! Targets of MCP backends.

use super::{
    policy::{Reader, not_implemented},
    service::dns_name,
};
use crate::gateway::{
    controller::resource::{Mcp, Service, ServicePort, Snapshot},
    table::{Authority, BackendAuth, McpTarget, ObjectName, Rules},
};
use serde_json::{Map, Value};

type TargetSpec = crate::gateway::controller::resource::McpTarget;

/// What a Service's port says if it speaks MCP. Source: facts/lifecycle.md B.2.
const APP_PROTOCOLS: [&str; 2] = ["agentgateway.dev/mcp", "kgateway.dev/mcp"];

/// All targets in order, those that are found by labels included.
pub(super) fn targets(mcp: &Mcp, namespace: &str, snapshot: &Snapshot) -> Result<Vec<McpTarget>, String> {
    let mut found = Vec::new();
    for target in &mcp.targets {
        if target.selector.is_some() {
            found.extend(selected(target, namespace, snapshot));
        } else {
            found.push(one(target, namespace, snapshot)?);
        }
    }
    Ok(found)
}

/// Settings beside the targets that the reference gateway does not do.
pub(super) fn ignored(mcp: &Mcp) -> Vec<String> {
    let never = mcp.prefix_mode.as_deref().filter(|mode| *mode == "Never").map(|_| "mcp.prefixMode Never".to_owned());
    mcp.other.keys().map(|field| format!("mcp.{field}")).chain(never).collect()
}

/// Rules about what a client sees (`mcp.authorization`). Source: facts/manifests.md 5.3.
pub(super) fn rules(authorization: &Value) -> Rules {
    let texts = authorization["policy"]["matchExpressions"].as_array().into_iter().flatten();
    let texts = texts.filter_map(Value::as_str).map(str::to_owned).collect();
    match authorization["action"].as_str() {
        Some("Deny") => Rules { deny: texts, ..Rules::default() },
        Some("Require") => Rules { require: texts, ..Rules::default() },
        _ => Rules { allow: texts, ..Rules::default() },
    }
}

fn one(target: &TargetSpec, namespace: &str, snapshot: &Snapshot) -> Result<McpTarget, String> {
    let Some(spec) = &target.static_target else { return Err(format!("mcp target {} has no server", target.name)) };
    if let Some(protocol) = spec.protocol.as_deref().filter(|protocol| *protocol != "StreamableHTTP") {
        return Err(not_implemented(&format!("mcp.targets.static.protocol {protocol}")));
    }
    let host = match (&spec.host, &spec.backend_ref) {
        (Some(host), _) => host.clone(),
        (None, Some(reference)) => {
            let service = ObjectName { namespace: namespace.to_owned(), name: reference.name.clone() };
            if !snapshot.services.contains_key(&service) {
                return Err(format!("mcp backendRef service {service} not found"));
            }
            dns_name(&service)
        }
        (None, None) => return Err(format!("mcp target {} has no host", target.name)),
    };
    Ok(McpTarget {
        name: target.name.clone(),
        authority: Authority { host, port: spec.port },
        path: spec.path.clone().unwrap_or_else(|| "/mcp".to_owned()),
        auth: credential(&spec.policies, namespace, snapshot)?,
    })
}

fn credential(
    policies: &Map<String, Value>,
    namespace: &str,
    snapshot: &Snapshot,
) -> Result<Option<BackendAuth>, String> {
    let mut reader = Reader::new(snapshot, namespace);
    reader.backend(policies);
    if reader.tls {
        return Err(not_implemented("mcp.targets.static.policies.tls"));
    }
    if let Some(path) = reader.unimplemented.first() {
        return Err(not_implemented(&path.replacen("backend.", "mcp.targets.static.policies.", 1)));
    }
    reader.problems.first().map_or(Ok(reader.policies.backend_auth), |problem| Err(problem.clone()))
}

fn selected(target: &TargetSpec, namespace: &str, snapshot: &Snapshot) -> Vec<McpTarget> {
    let Some(selector) = &target.selector else { return Vec::new() };
    let in_namespace = |service: &Service| match &selector.namespaces {
        None => service.metadata.namespace == namespace,
        Some(labels) => {
            let mut spaces = snapshot.namespaces.values();
            spaces.any(|space| {
                space.metadata.name == service.metadata.namespace && labels.matches(&space.metadata.labels)
            })
        }
    };
    let wanted = |service: &&Service| {
        let labels = &service.metadata.labels;
        in_namespace(service) && selector.services.as_ref().is_none_or(|wanted| wanted.matches(labels))
    };
    snapshot.services.values().filter(wanted).flat_map(mcp_ports).collect()
}

fn mcp_ports(service: &Service) -> Vec<McpTarget> {
    let speaks =
        |port: &&ServicePort| port.app_protocol.as_deref().is_some_and(|protocol| APP_PROTOCOLS.contains(&protocol));
    let annotation = |name: &str| service.metadata.annotations.get(name).cloned();
    let path = annotation("agentgateway.dev/mcp-path").or_else(|| annotation("kgateway.dev/mcp-path"));
    let path = path.unwrap_or_else(|| "/mcp".to_owned());
    let ports = service.spec.ports.iter().filter(speaks);
    ports
        .map(|port| McpTarget {
            name: annotation("agentgateway.dev/mcp-target-name")
                .unwrap_or_else(|| format!("{}-{}", service.metadata.name, port.name)),
            authority: Authority { host: dns_name(&service.metadata.object_name()), port: port.port },
            path: path.clone(),
            auth: None,
        })
        .collect()
}
