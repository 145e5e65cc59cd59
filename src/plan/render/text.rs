//! A plan for people.

use crate::plan::{Plan, Probe, Step};

/// Id, fingerprint, what is done, and what it waits for.
pub fn render(plan: &Plan) -> String {
    let mut text = format!("plan of sandbox {} on {}\n\n", plan.sandbox, plan.provider);
    let width = plan.steps.iter().map(|step| step.id.as_str().len()).max().unwrap_or(0);
    for step in &plan.steps {
        text += &format!("  {:width$}  {}  {}\n", step.id.as_str(), step.fingerprint, about(&step.step));
        let needs: Vec<&str> = step.needs.iter().map(|need| need.as_str()).collect();
        let mut notes = Vec::new();
        if !needs.is_empty() {
            notes.push(format!("after {}", needs.join(", ")));
        }
        if step.optional {
            notes.push("a failure is only a warning".to_owned());
        }
        notes.push(format!("{} s at most", step.deadline_seconds));
        text += &format!("  {:width$}  {:16}  {}\n", "", "", notes.join(" · "));
    }
    text
}

/// What a step does, on one line.
pub fn about(step: &Step) -> String {
    match step {
        Step::Cluster(cluster) => cluster.about(),
        Step::Image(image) => format!("build {} from this program", image.reference),
        Step::Nodes => "wait until the cluster is whole".to_owned(),
        Step::Pull(set) => {
            let names: Vec<&str> = set.images.iter().map(|image| image.reference.as_str()).collect();
            format!("pull {}", if names.is_empty() { "nothing".to_owned() } else { names.join(", ") })
        }
        Step::Load(set) => format!("give {} to the nodes", set.references.join(", ")),
        Step::GatewayApi(choice) => {
            format!("apply the definitions of Gateway API v{} {}", choice.version, choice.channel)
        }
        Step::Chart(release) => {
            let choice = &release.choice;
            let how = if choice.plain { "apply" } else { "install with Helm" };
            format!("{how} chart {} {} in {}", choice.chart.name, choice.chart.version, choice.namespace)
        }
        Step::Definitions(set) => format!("apply {} resource definitions: {}", set.names.len(), set.about),
        Step::Mocks(set) => {
            let names: Vec<&str> = set.services.iter().map(|service| service.name.as_str()).collect();
            format!("give the mocks their Services: {}", names.join(", "))
        }
        Step::Objects(set) => {
            let secrets = set.secrets.len();
            let with = if secrets > 0 { format!(" and {secrets} Secrets") } else { String::new() };
            format!(
                "apply {} objects{with} in {} and wait for {} of them",
                set.objects.len(),
                set.namespace,
                set.ready.len()
            )
        }
        Step::HostAlias => "let pods resolve host.internal to this machine".to_owned(),
        Step::Host(question) => format!("look for Ollama at {}", question.authority),
        Step::Access(access) => format!("find the address of Gateway {}/{}", access.namespace, access.gateway),
        Step::Traffic(proof) => match &proof.probe {
            Probe::Chat { path } => format!("{} chat completions in a row on {path}", proof.requests),
            Probe::Any => format!("{} answers in a row from the gateway", proof.requests),
        },
    }
}
