//! Making the plan.

use super::{
    AccessSpec, HostQuestion, ObjectSet, Plan, PlanError, PlannedStep, Probe, Step, TrafficProof,
    cluster_steps::before_gateway,
    host_service::with_host_service,
    names::{DEADLINE, MOCKS_NAMESPACE, ROLLOUT, SANDBOX_NAMESPACE, first_port, marked, namespace},
};
use crate::{
    canonical::{CanonicalError, GatewayRef, MockHosts, RenderContext, Rendered, Wiring, render, render_gateway},
    cluster::ObjectKey,
    resolve::Resolved,
};

/// The plan of what was resolved.
///
/// # Errors
/// A wiring that cannot be rendered.
pub fn plan_of(resolved: &Resolved) -> Result<Plan, PlanError> {
    let rendered = rendered(resolved)?;
    let (mut steps, controller) = before_gateway(resolved, &rendered)?;
    steps.extend([
        PlannedStep::new(
            "gateway",
            &format!("gateway {}", resolved.gateway.name),
            &[controller],
            DEADLINE,
            gateway(resolved)?,
        ),
        PlannedStep::new("routes", "routes", &["gateway", "mocks"], DEADLINE, routes(resolved, rendered)),
    ]);
    if let Some((authority, model)) = resolved.wiring.ollama() {
        let pods = resolved.self_image().is_some();
        let needs: &[&str] = if pods { &["host", "mocks"] } else { &[] };
        let question = Step::Host(HostQuestion { authority, model, pods });
        let step = PlannedStep::new("ollama", "ollama", needs, DEADLINE, question);
        steps.push(step.optional());
    }
    let port = first_port(resolved);
    let access = AccessSpec { namespace: SANDBOX_NAMESPACE.into(), gateway: resolved.gateway.name.clone(), port };
    steps.push(PlannedStep::new("access", "access", &["gateway"], DEADLINE, Step::Access(access)));
    let proof = TrafficProof { requests: 3, probe: probe(&resolved.wiring) };
    let last: &[&str] = if resolved.kind.is_some() { &["access", "routes", "nodes"] } else { &["access", "routes"] };
    // After a restart of their node pods are reported as they were before it.
    let time = if resolved.self_image().is_some() { ROLLOUT } else { DEADLINE };
    steps.push(PlannedStep::new("traffic", "traffic", last, time, Step::Traffic(proof)));
    let (sandbox, provider) = (resolved.sandbox.clone(), resolved.provider.to_string());
    Ok(Plan { schema: "agw-sandbox/v1", sandbox, provider, steps })
}

fn rendered(resolved: &Resolved) -> Result<Rendered, CanonicalError> {
    let gateway = GatewayRef { namespace: SANDBOX_NAMESPACE.into(), name: resolved.gateway.name.clone() };
    let context = RenderContext {
        line: resolved.line.clone(),
        namespace: SANDBOX_NAMESPACE.into(),
        gateway,
        hosts: Vec::new(),
        mocks: MockHosts::in_namespace(MOCKS_NAMESPACE),
    };
    render(&with_host_service(resolved), &context)
}

fn gateway(resolved: &Resolved) -> Result<Step, CanonicalError> {
    let mut objects = vec![namespace(SANDBOX_NAMESPACE)];
    objects.extend(render_gateway(&resolved.gateway, &resolved.line, SANDBOX_NAMESPACE)?);
    let name = &resolved.gateway.name;
    let class = ObjectKey {
        api_version: "gateway.networking.k8s.io/v1".into(),
        kind: "GatewayClass".into(),
        namespace: None,
        name: "agentgateway".into(),
    };
    let ready = vec![
        class,
        ObjectKey::namespaced("gateway.networking.k8s.io/v1", "Gateway", SANDBOX_NAMESPACE, name),
        ObjectKey::namespaced("apps/v1", "Deployment", SANDBOX_NAMESPACE, name),
    ];
    Ok(Step::Objects(ObjectSet {
        set: "gateway".into(),
        namespace: SANDBOX_NAMESPACE.into(),
        objects: marked(objects, &resolved.sandbox, "gateway"),
        secrets: Vec::new(),
        ready,
    }))
}

fn routes(resolved: &Resolved, rendered: Rendered) -> Step {
    Step::Objects(ObjectSet {
        set: "routes".into(),
        namespace: SANDBOX_NAMESPACE.into(),
        ready: rendered.objects.iter().map(ObjectKey::of).collect(),
        objects: marked(rendered.objects, &resolved.sandbox, "routes"),
        secrets: rendered.secrets,
    })
}

/// A chat completion where a mock answers it; what a real vendor would charge for is not asked, and neither is a route with
/// a policy, which may refuse.
fn probe(wiring: &Wiring) -> Probe {
    if !wiring.policies.is_empty() {
        return Probe::Any;
    }
    match wiring.first_path(|backend| backend.llm.is_some() && backend.mock.is_some()) {
        Some(path) if path.ends_with("/v1") => Probe::Chat { path: format!("{path}/chat/completions") },
        Some(path) => Probe::Chat { path: format!("{}/v1/chat/completions", path.trim_end_matches('/')) },
        None => Probe::Any,
    }
}
