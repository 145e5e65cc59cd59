//! From `given` to manifests.

use crate::canonical::{
    self, CanonicalError, GatewayRef, KeySource, MockHosts, RenderContext, Rendered, SecretSpec, Wiring, render_gateway,
};
use crate::exchange::Behaviour;
use crate::scenario::spec::Scenario;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};

/// The label on namespaces of scenarios, by which they are known as such.
pub const SCENARIO_LABEL: &str = "agw-sandbox.dev/scenario";
/// The namespace in which the mocks' own Services are.
pub const MOCKS_NAMESPACE: &str = "agw-mocks";

/// A scenario's `given`, ready to be applied.
#[derive(Debug)]
pub(super) struct Prepared {
    /// Everything that is applied, the namespace first.
    pub manifests: Vec<Value>,
    /// Those of them whose conditions are waited for.
    pub awaited: Vec<Value>,
    /// How mocks behave.
    pub behaviours: Vec<(String, Behaviour)>,
    /// Mocks that the scenario reaches or looks at.
    pub mocks: Vec<String>,
}

/// The Gateway that a scenario's routes attach to: the first of its own, or the sandbox's.
pub(super) fn gateway_of(scenario: &Scenario, shared: &GatewayRef) -> GatewayRef {
    match scenario.given.gateways.first() {
        Some(own) => GatewayRef { namespace: scenario.slug(), name: own.name.clone() },
        None => shared.clone(),
    }
}

/// Renders a scenario for a release line, with what is wired up in it now.
pub(super) fn prepare(
    scenario: &Scenario,
    wiring: &Wiring,
    line: &str,
    shared: &GatewayRef,
) -> Result<Prepared, CanonicalError> {
    let namespace = scenario.slug();
    let gateway = gateway_of(scenario, shared);
    let context = RenderContext {
        line: line.to_owned(),
        namespace: namespace.clone(),
        gateway,
        hosts: vec![scenario.host()],
        mocks: MockHosts::in_namespace(&namespace),
    };
    let rendered = canonical::render(wiring, &context)?;
    let mut awaited = Vec::new();
    for gateway in &scenario.given.gateways {
        awaited.extend(render_gateway(gateway, line, &namespace)?);
    }
    let mocks = mocks_of(scenario, &rendered);
    let Rendered { objects, secrets, mut behaviours, .. } = rendered;
    behaviours.extend(scenario.given.mocks.iter().map(|(mock, behaviour)| (mock.clone(), behaviour.clone())));
    awaited.extend(objects);
    let mut manifests = vec![json!({
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": namespace, "labels": {SCENARIO_LABEL: namespace}},
    })];
    manifests.extend(mocks.iter().map(|mock| service_of(mock, &namespace)));
    manifests.extend(secrets.iter().map(secret));
    manifests.extend(awaited.iter().cloned());
    manifests.extend(scenario.given.manifests.iter().map(|manifest| completed(manifest, &namespace, &context.gateway)));
    Ok(Prepared { manifests, awaited, behaviours, mocks })
}

/// The objects that a scenario applies before its first step; what comes from the environment is named and not told.
///
/// # Errors
/// What the line cannot say.
pub fn manifests(scenario: &Scenario, line: &str, shared: &GatewayRef) -> Result<Vec<Value>, CanonicalError> {
    let mut wiring = scenario.given.wiring();
    let hide = |key: &mut KeySource| {
        if let KeySource::FromEnv(name) = key {
            *key = KeySource::Fake(format!("<{name}>"));
        }
    };
    wiring.backends.values_mut().filter_map(|backend| backend.key.as_mut()).for_each(hide);
    for policy in &mut wiring.policies {
        policy.api_key.iter_mut().flat_map(|keys| keys.values_mut()).for_each(hide);
    }
    Ok(prepare(scenario, &wiring, line, shared)?.manifests)
}

fn mocks_of(scenario: &Scenario, rendered: &Rendered) -> Vec<String> {
    let mut mocks = rendered.mocks.clone();
    for mock in scenario.observed_mocks() {
        if !mocks.iter().any(|known| known == mock) {
            mocks.push(mock.to_owned());
        }
    }
    mocks
}

/// A name for the mock in the scenario's namespace: the gateway sends it upstream as Host, and Host is the lane.
fn service_of(mock: &str, namespace: &str) -> Value {
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": mock, "namespace": namespace},
        "spec": {
            "type": "ExternalName",
            "externalName": format!("{mock}.{MOCKS_NAMESPACE}.svc.cluster.local"),
            "ports": [{"name": "http", "port": 80}],
        },
    })
}

fn secret(secret: &SecretSpec) -> Value {
    let data: Map<String, Value> = secret
        .data
        .iter()
        .map(|(name, source)| (name.clone(), Value::from(STANDARD.encode(value_of(source)))))
        .collect();
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": secret.name, "namespace": secret.namespace},
        "type": "Opaque",
        "data": data,
    })
}

fn value_of(source: &KeySource) -> String {
    match source {
        KeySource::Fake(value) => value.clone(),
        // A scenario whose variable is missing was skipped before.
        KeySource::FromEnv(name) => std::env::var(name).unwrap_or_default(),
    }
}

/// A plain manifest with what only the run knows: the scenario's namespace where it names none, the Gateway where a route
/// names no parent, and the mark of the scenario on a namespace.
pub(super) fn completed(manifest: &Value, namespace: &str, gateway: &GatewayRef) -> Value {
    let mut manifest = manifest.clone();
    let name = manifest["kind"].as_str().unwrap_or_default().to_owned();
    if name == "Namespace" {
        manifest["metadata"]["labels"][SCENARIO_LABEL] = Value::from(namespace);
    }
    if super::kinds::kind(&name).is_none_or(|kind| kind.namespaced)
        && let Some(metadata) = manifest["metadata"].as_object_mut()
    {
        metadata.entry("namespace").or_insert_with(|| Value::from(namespace));
    }
    if ["HTTPRoute", "GRPCRoute"].contains(&name.as_str())
        && let Some(spec) = manifest["spec"].as_object_mut()
    {
        let parent = json!([{"name": gateway.name, "namespace": gateway.namespace}]);
        spec.entry("parentRefs").or_insert(parent);
    }
    manifest
}
