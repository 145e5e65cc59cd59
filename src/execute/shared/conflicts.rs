//! What is in a shared cluster already and stands in the way, found before anything is written, all of it together.

use crate::{
    chart::Supply,
    cluster::{Cluster, ObjectKey, describe, is_owned_by},
    execute::{ExecuteError, steps::bundle_of},
    plan::{Plan, Step},
    resolve::{self, Conflict, Fit, fit_of_class, fit_of_definition, line_of},
};
use futures_util::future::try_join_all;
use serde_json::{Value, json};

/// Looks for objects of others under names that the plan writes.
///
/// # Errors
/// SHARED-01: there are such objects, and they cannot be used as they are.
pub async fn find_conflicts(plan: &Plan, line: &str, supply: &Supply, cluster: &Cluster) -> Result<(), ExecuteError> {
    let line = line_of(line)?;
    let mut wanted = Vec::new();
    for planned in &plan.steps {
        wanted.extend(wide_objects(&planned.step, supply).await?);
    }
    let looks =
        wanted.iter().map(|wanted| async move { Ok::<_, ExecuteError>((wanted, live(cluster, wanted).await?)) });
    let found = try_join_all(looks).await?;
    let strange = found.into_iter().filter_map(|(wanted, live)| Some((wanted, live?)));
    let strange = strange.filter(|(_, live)| !is_ours(cluster, live));
    let mut conflicts: Vec<Conflict> = strange.filter_map(|(wanted, live)| conflict(wanted, &live, line)).collect();
    // A cluster without Gateway API has no classes either.
    let classes = cluster.list("gateway.networking.k8s.io/v1", "GatewayClass").await.unwrap_or_default();
    let class = classes.iter().find(|class| class["metadata"]["name"] == "agentgateway");
    if let Some(Fit::Conflict(conflict)) = class.map(|class| fit_of_class(class, line)) {
        conflicts.push(conflict);
    }
    if conflicts.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = conflicts.iter().map(ToString::to_string).collect();
    Err(ExecuteError::Conflicts { conflicts: lines.join("\n  ") })
}

/// What a step writes that lives in no namespace. Objects in a namespace are as safe as the namespace, which is among them.
/// What Helm would write it refuses to take over by itself.
async fn wide_objects(step: &Step, supply: &Supply) -> Result<Vec<Value>, ExecuteError> {
    let all = match step {
        Step::Definitions(set) => resolve::load_definitions(&set.source)?,
        Step::Objects(set) => set.objects.clone(),
        Step::Mocks(set) => set.objects.clone(),
        Step::GatewayApi(choice) => bundle_of(choice, supply).await?.objects,
        Step::Chart(release) if release.choice.plain => {
            supply.chart(&release.choice.chart).await?.plain_manifests()?.unwrap_or_default()
        }
        Step::Chart(release) => {
            vec![json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": release.choice.namespace}})]
        }
        _ => Vec::new(),
    };
    Ok(all.into_iter().filter(|object| object["metadata"]["namespace"].is_null()).collect())
}

fn conflict(wanted: &Value, live: &Value, line: &resolve::Line) -> Option<Conflict> {
    match live["kind"].as_str().unwrap_or_default() {
        "CustomResourceDefinition" => match fit_of_definition(wanted, live, line) {
            Fit::Fits => None,
            Fit::Conflict(conflict) => Some(conflict),
        },
        // Others keep their definitions safe in their own way.
        kind if kind.starts_with("ValidatingAdmissionPolicy") => None,
        _ => Some(Conflict {
            object: ObjectKey::of(live).to_string(),
            is: describe(live),
            wanted: "one of this sandbox's own".to_owned(),
        }),
    }
}

async fn live(cluster: &Cluster, object: &Value) -> Result<Option<Value>, ExecuteError> {
    Ok(cluster.get(&ObjectKey::of(object)).await?)
}

fn is_ours(cluster: &Cluster, live: &Value) -> bool {
    cluster.owner().is_some_and(|owner| is_owned_by(live, owner))
}
