//! AgentgatewayParameters: those of the class, and over them those of the Gateway.

use crate::gateway::{
    controller::{
        line::Identity,
        objects::merge::merge,
        reconcile::is_ours,
        resource::{Gateway, Kind, ObjectKey, ParametersRef, Snapshot},
    },
    table::Table,
};
use serde_json::{Map, Value};

/// Parameters of a Gateway, merged: the content of `spec`.
///
/// # Errors
/// A reference leads nowhere or to another kind, in the real controller's words.
pub(super) fn of(gateway: &Gateway, snapshot: &Snapshot) -> Result<Value, String> {
    let mut merged = Value::Object(Map::new());
    let class_name = &gateway.spec.gateway_class_name;
    let class = snapshot.classes.values().find(|class| class.metadata.name == *class_name);
    if let Some(reference) = class.and_then(|class| class.spec.parameters_ref.as_ref()) {
        let namespace = reference.namespace.as_deref().unwrap_or_default();
        let problem = || {
            format!("for GatewayClass {class_name}, AgentgatewayParameters {namespace}/{} not found", reference.name)
        };
        let other = || {
            let name = &reference.name;
            format!(
                "the GatewayClass {class_name} references parameters of a type other than AgentgatewayParameters: {name}"
            )
        };
        merge(&mut merged, find(reference, namespace, snapshot, other)?.ok_or_else(problem)?);
    }
    if let Some(reference) = &gateway.spec.infrastructure.parameters_ref {
        let namespace = &gateway.metadata.namespace;
        let name = gateway.metadata.object_name();
        let problem = || format!("AgentgatewayParameters {namespace}/{} not found for Gateway {name}", reference.name);
        let other = || {
            let ParametersRef { group, kind, .. } = reference;
            format!(
                "infrastructure.parametersRef on Gateway {name} references unsupported type: group={group} kind={kind}; use AgentgatewayParameters instead"
            )
        };
        merge(&mut merged, find(reference, namespace, snapshot, other)?.ok_or_else(problem)?);
    }
    Ok(merged)
}

fn find<'a>(
    reference: &ParametersRef,
    namespace: &str,
    snapshot: &'a Snapshot,
    other: impl Fn() -> String,
) -> Result<Option<&'a Value>, String> {
    if reference.group != Kind::Parameters.group() || reference.kind != Kind::Parameters.name() {
        return Err(other());
    }
    let key = ObjectKey::new(Kind::Parameters, namespace, &reference.name);
    Ok(snapshot.live(&key).map(|object| &object["spec"]))
}

/// What is wrong with the parameters of a Gateway, if anything is.
pub(crate) fn parameters_problem(gateway: &Gateway, snapshot: &Snapshot) -> Option<String> {
    of(gateway, snapshot).err()
}

/// Puts the `hostAliases` of Deployments into the table: names that pods would find in `/etc/hosts`.
pub(crate) fn host_aliases(table: &mut Table, snapshot: &Snapshot, identity: &Identity) {
    let gateways = snapshot.gateways.values();
    for gateway in gateways.filter(|gateway| is_ours(snapshot, &gateway.spec.gateway_class_name, identity)) {
        let Ok(parameters) = of(gateway, snapshot) else { continue };
        let aliases = parameters["deployment"]["spec"]["template"]["spec"]["hostAliases"].as_array();
        for alias in aliases.into_iter().flatten() {
            let Some(ip) = alias["ip"].as_str() else { continue };
            let names = alias["hostnames"].as_array().into_iter().flatten().filter_map(Value::as_str);
            table.aliases.extend(names.map(|name| (name.to_owned(), ip.to_owned())));
        }
    }
}
