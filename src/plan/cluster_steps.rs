//! The steps before the Gateway: the cluster, what is installed into it, and the mocks.

use super::{
    ChartRelease, DefinitionSet, ImageSet, LoadSet, ObjectSet, PlanError, PlannedStep, SelfImageSpec, Step,
    host_service::host_service,
    mocks,
    names::{BOOT, DEADLINE, MOCKS_ADMIN_NODE_PORT, MOCKS_ADMIN_PORT, ROLLOUT, first_port, marked},
};
use crate::{
    canonical::Rendered,
    cluster::ObjectKey,
    gateway::in_cluster::ReferenceInstall,
    provider::{ClusterSpec, ContextSpec, EmbeddedSpec, HostPort, KindSpec, PortWish, ProviderName},
    resolve::{ChartChoice, Definitions, GATEWAY_NODE_PORT, ImageSupply, MocksAt, ReleaseParts, Resolved},
};

/// What stands before the Gateway, and the step after which the Gateway can come.
pub(super) fn before_gateway(
    resolved: &Resolved,
    rendered: &Rendered,
) -> Result<(Vec<PlannedStep>, &'static str), PlanError> {
    match resolved.self_image() {
        None => Ok((background(resolved, rendered), "definitions")),
        Some(image) => Ok((pods(resolved, image, rendered)?, "controller")),
    }
}

/// One background process plays it all.
fn background(resolved: &Resolved, rendered: &Rendered) -> Vec<PlannedStep> {
    let cluster = Step::Cluster(cluster(resolved));
    let mut steps = vec![PlannedStep::new("cluster", "kubernetes api", &[], DEADLINE, cluster)];
    steps.extend(resolved.definitions.as_ref().map(|wanted| definitions(resolved, wanted)));
    let mocks = mocks::background(resolved, rendered);
    steps.push(PlannedStep::new("mocks", "mocks", &["cluster"], DEADLINE, mocks));
    steps
}

/// Pods play it: images are built and pulled, and given to the nodes, while the cluster boots.
fn pods(resolved: &Resolved, image: &str, rendered: &Rendered) -> Result<Vec<PlannedStep>, PlanError> {
    let install = ReferenceInstall { image: image.to_owned(), release: resolved.release.clone() };
    let host = match &resolved.shared {
        Some(shared) => Step::HostService(host_service(resolved, shared)),
        None => Step::HostAlias,
    };
    let mut steps = vec![PlannedStep::new("cluster", "cluster", &[], BOOT, Step::Cluster(cluster(resolved)))];
    steps.extend(own_image(resolved, image));
    steps.push(PlannedStep::new("nodes", "nodes", &["cluster"], BOOT, Step::Nodes));
    steps.push(PlannedStep::new("host", "host.internal", &["cluster"], ROLLOUT, host));
    match &resolved.parts {
        Some(parts) => steps.extend(charts(resolved, parts)),
        None => steps.extend(reference(resolved, &install)?),
    }
    let (needs, mocks): (&[&str], Step) = match resolved.mocks {
        MocksAt::Host => (&["cluster"], mocks::on_host(resolved, rendered)),
        MocksAt::Cluster => (&["cluster", "load"], mocks::deployed(resolved, &install, rendered)?),
    };
    steps.push(PlannedStep::new("mocks", "mocks", needs, ROLLOUT, mocks));
    Ok(steps)
}

/// Our own image, built here and given to the nodes, where they do not pull it. Step `load` is there in any case, for those
/// that need the image.
fn own_image(resolved: &Resolved, image: &str) -> Vec<PlannedStep> {
    let build = Step::Image(SelfImageSpec { reference: image.to_owned() });
    let build = PlannedStep::new("image", "own image", &[], BOOT, build);
    let load = |references: Vec<String>, needs: &[&str]| {
        PlannedStep::new("load", "own image on nodes", needs, BOOT, Step::Load(LoadSet { references }))
    };
    match resolved.shared.as_ref().map(|shared| &shared.supply) {
        None => vec![build, load(vec![image.to_owned()], &["image"])],
        Some(ImageSupply::Nodes(_)) => vec![build, load(vec![image.to_owned()], &["cluster", "image"])],
        Some(ImageSupply::Engine) => vec![build, load(Vec::new(), &["image"])],
        Some(ImageSupply::Registry) => vec![load(Vec::new(), &[])],
    }
}

/// The reference gateway as pods, with the built-in definitions.
fn reference(resolved: &Resolved, install: &ReferenceInstall) -> Result<Vec<PlannedStep>, PlanError> {
    let mut steps: Vec<_> = resolved.definitions.iter().map(|wanted| definitions(resolved, wanted)).collect();
    let controller = controller(resolved, install)?;
    steps.push(PlannedStep::new("controller", "controller", &["definitions", "load"], ROLLOUT, controller));
    Ok(steps)
}

/// The charts of the release, in the order that its guides give: Gateway API, definitions, controller.
fn charts(resolved: &Resolved, parts: &ReleaseParts) -> Vec<PlannedStep> {
    let pulled = parts.images.iter().filter(|image| image.pull.is_some()).cloned().collect();
    let references = parts.images.iter().map(|image| image.reference.clone()).collect();
    let gateway_api = Step::GatewayApi(parts.gateway_api.clone());
    let namespace = &parts.controller.namespace;
    let of_controller =
        |(api_version, kind): (&str, &str)| ObjectKey::namespaced(api_version, kind, namespace, &parts.deployment);
    let deployment = of_controller(("apps/v1", "Deployment"));
    let brings = [("apps/v1", "Deployment"), ("v1", "Service"), ("v1", "ServiceAccount")].map(of_controller);
    let chart = |choice: &ChartChoice, brings: Vec<ObjectKey>, ready: Vec<ObjectKey>| {
        let (choice, sandbox) = (choice.clone(), resolved.sandbox.clone());
        Step::Chart(Box::new(ChartRelease { choice, sandbox, brings, ready }))
    };
    let definition = |name: &String| ObjectKey {
        api_version: "apiextensions.k8s.io/v1".into(),
        kind: "CustomResourceDefinition".into(),
        namespace: None,
        name: name.clone(),
    };
    let names = parts.definition_names.iter().map(definition).collect();
    let of_definitions = chart(&parts.definitions, names, Vec::new());
    let controller = chart(&parts.controller, brings.to_vec(), vec![deployment]);
    let images = LoadSet { references };
    let after_pull: &[&'static str] = if resolved.shared.is_some() { &["cluster", "pull"] } else { &["pull"] };
    vec![
        PlannedStep::new("pull", "images", &[], BOOT, Step::Pull(ImageSet { images: pulled })),
        PlannedStep::new("images", "images on nodes", after_pull, BOOT, Step::Load(images)),
        PlannedStep::new("gateway-api", "gateway api", &["cluster"], DEADLINE, gateway_api),
        PlannedStep::new("definitions", "gateway definitions", &["gateway-api"], DEADLINE, of_definitions),
        PlannedStep::new("controller", "controller", &["definitions", "images"], BOOT, controller),
    ]
}

fn controller(resolved: &Resolved, install: &ReferenceInstall) -> Result<Step, PlanError> {
    let namespace = "agentgateway-system";
    Ok(Step::Objects(ObjectSet {
        set: "controller".into(),
        namespace: namespace.into(),
        objects: marked(install.controller()?, &resolved.sandbox, "controller"),
        secrets: Vec::new(),
        ready: vec![ObjectKey::namespaced("apps/v1", "Deployment", namespace, "agentgateway")],
    }))
}

fn cluster(resolved: &Resolved) -> ClusterSpec {
    if let Some(shared) = &resolved.shared {
        return ClusterSpec::Context(ContextSpec {
            provider: resolved.provider,
            context: shared.context.clone(),
            api: shared.api.clone(),
            nodes: shared.nodes().to_vec(),
            host_address: shared.host_address,
        });
    }
    let Some(kind) = &resolved.kind else {
        let (release, exact_ports) = (resolved.release.clone(), resolved.exact_ports.clone());
        return ClusterSpec::Embedded(EmbeddedSpec { release, exact_ports });
    };
    let port = first_port(resolved);
    let host = if resolved.exact_ports.contains(&port) { HostPort::Exact(port) } else { HostPort::From(port) };
    let admin = PortWish { node_port: MOCKS_ADMIN_NODE_PORT, host: HostPort::From(MOCKS_ADMIN_PORT) };
    let ports = vec![PortWish { node_port: GATEWAY_NODE_PORT, host }, admin];
    ClusterSpec::Kind(KindSpec { image: kind.node_image.clone(), ports })
}

fn definitions(resolved: &Resolved, wanted: &Definitions) -> PlannedStep {
    let step = Step::Definitions(DefinitionSet {
        source: wanted.source.clone(),
        about: wanted.about.clone(),
        names: wanted.names.clone(),
        sha256: wanted.sha256.clone(),
        plain: resolved.provider != ProviderName::Embedded,
    });
    PlannedStep::new("definitions", "resource definitions", &["cluster"], DEADLINE, step)
}
