//! What is in a shared cluster already and stands in the way, found before anything is written, all of it together.

use crate::{
    cluster::{Cluster, ObjectKey, describe, is_owned_by},
    execute::ExecuteError,
    plan::{DefinitionSet, Plan, Step},
    resolve::{self, Conflict, Fit, fit_of_class, fit_of_definition, line_of},
};
use futures_util::future::try_join_all;
use serde_json::Value;

/// Looks for objects of others under names that the plan writes.
///
/// # Errors
/// SHARED-01: there are such objects, and they cannot be used as they are.
pub async fn find_conflicts(plan: &Plan, cluster: &Cluster) -> Result<(), ExecuteError> {
    let mut conflicts = Vec::new();
    for planned in &plan.steps {
        match &planned.step {
            Step::Definitions(set) => conflicts.extend(in_definitions(set, cluster).await?),
            Step::Objects(set) => conflicts.extend(in_objects(&set.objects, cluster).await?),
            Step::Mocks(set) => conflicts.extend(in_objects(&set.objects, cluster).await?),
            _ => {}
        }
    }
    if conflicts.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = conflicts.iter().map(ToString::to_string).collect();
    Err(ExecuteError::Conflicts { conflicts: lines.join("\n  ") })
}

async fn in_definitions(set: &DefinitionSet, cluster: &Cluster) -> Result<Vec<Conflict>, ExecuteError> {
    let line = line_of(&set.line)?;
    let wanted = resolve::load_definitions(&set.source)?;
    let looks =
        wanted.iter().map(|wanted| async move { Ok::<_, ExecuteError>((wanted, live(cluster, wanted).await?)) });
    let mut conflicts = Vec::new();
    for (wanted, live) in try_join_all(looks).await? {
        if let Some(live) = live.filter(|live| !is_ours(cluster, live))
            && let Fit::Conflict(conflict) = fit_of_definition(wanted, &live, line)
        {
            conflicts.push(conflict);
        }
    }
    // A cluster without Gateway API has no classes either.
    let classes = cluster.list("gateway.networking.k8s.io/v1", "GatewayClass").await.unwrap_or_default();
    let named = |class: &&Value| class["metadata"]["name"] == "agentgateway";
    if let Some(Fit::Conflict(conflict)) = classes.iter().find(named).map(|class| fit_of_class(class, line)) {
        conflicts.push(conflict);
    }
    Ok(conflicts)
}

/// Objects in a namespace are as safe as the namespace, which is among the objects.
async fn in_objects(objects: &[Value], cluster: &Cluster) -> Result<Vec<Conflict>, ExecuteError> {
    let wide = objects.iter().filter(|object| object["metadata"]["namespace"].is_null());
    let found = try_join_all(wide.map(|object| live(cluster, object))).await?;
    let strange = found.into_iter().flatten().filter(|live| !is_ours(cluster, live));
    let conflict = |live: Value| Conflict {
        object: ObjectKey::of(&live).to_string(),
        is: describe(&live),
        wanted: "one of this sandbox's own".to_owned(),
    };
    Ok(strange.map(conflict).collect())
}

async fn live(cluster: &Cluster, object: &Value) -> Result<Option<Value>, ExecuteError> {
    Ok(cluster.get(&ObjectKey::of(object)).await?)
}

fn is_ours(cluster: &Cluster, live: &Value) -> bool {
    cluster.owner().is_some_and(|owner| is_owned_by(live, owner))
}
