//! A chart of the release: word for word where it can be, with Helm where it must.

use super::verbatim;
use crate::{
    chart::{Chart, Helm, HelmRelease, manifests_in},
    cluster::{ObjectKey, SANDBOX_LABEL},
    event::Change,
    execute::{Done, ExecuteError, World},
    plan::{ChartRelease, PlannedStep, SET_LABEL},
    process::{Tool, find_tool},
};
use serde_json::{Value, json};

/// Installs the chart, checks that it brought what the line is known for, and waits until that is ready.
pub async fn bring_about(planned: &PlannedStep, release: &ChartRelease, world: &World) -> Result<Done, ExecuteError> {
    let chart = world.supply.chart(&release.choice.chart).await?;
    let (changed, manifests) = match release.choice.plain {
        true => {
            let manifests = chart.plain_manifests()?.unwrap_or_default();
            (verbatim::apply(planned, manifests.clone(), world).await?, manifests)
        }
        false => with_helm(planned, release, &chart, world).await?,
    };
    check_brought(release, &chart, &manifests)?;
    wait(planned, release, &manifests, world).await?;
    let detail = match release.ready.is_empty() {
        true => format!("{}, {} CRDs Established", chart.title(), definitions(&manifests).count()),
        false => format!("{}, Available", chart.title()),
    };
    Ok(Done::changed_if(changed, detail))
}

/// The namespace is made first, so that it carries our mark.
async fn with_helm(
    planned: &PlannedStep,
    release: &ChartRelease,
    chart: &Chart,
    world: &World,
) -> Result<(bool, Vec<Value>), ExecuteError> {
    let (cluster, facts, choice) = (world.cluster()?, world.facts()?, &release.choice);
    let labels = json!({SANDBOX_LABEL: release.sandbox, SET_LABEL: "controller"});
    let metadata = json!({"name": choice.namespace, "labels": labels});
    let made = cluster.bring(&json!({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})).await?;
    let program = find_tool(Tool::Helm).await?.path;
    let helm = Helm::of_cluster(&program, &facts.kubeconfig, &world.home.join("helm"))?;
    let wanted = HelmRelease {
        name: choice.release.clone(),
        namespace: choice.namespace.clone(),
        values: choice.values.clone(),
    };
    let telling = |waits_for: &str| world.waits(&planned.id, waits_for.to_owned());
    let change = helm.bring_about(&wanted, chart, cluster, &world.cancel, &telling).await?;
    let found = helm.observe(&choice.namespace, &choice.release, cluster).await?;
    let manifests = found.map(|found| manifests_in(&found.manifest)).unwrap_or_default();
    Ok((made || change == Change::Made, manifests))
}

/// A chart that installs something else under other names would leave waits that never end.
fn check_brought(release: &ChartRelease, chart: &Chart, manifests: &[Value]) -> Result<(), ExecuteError> {
    for wanted in &release.brings {
        let same_kind = manifests.iter().filter(|object| object["kind"] == wanted.kind.as_str());
        let names: Vec<&str> = same_kind.filter_map(|object| object["metadata"]["name"].as_str()).collect();
        if !names.contains(&wanted.name.as_str()) {
            let instead = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            let (chart, wanted) = (chart.title(), wanted.to_string());
            return Err(ExecuteError::NotBrought { chart, wanted, instead });
        }
    }
    Ok(())
}

async fn wait(
    planned: &PlannedStep,
    release: &ChartRelease,
    manifests: &[Value],
    world: &World,
) -> Result<(), ExecuteError> {
    let cluster = world.cluster()?;
    let telling = |waits_for| world.waits(&planned.id, waits_for);
    for key in definitions(manifests).map(ObjectKey::of).chain(release.ready.iter().cloned()) {
        cluster.wait_for(key).within(planned.deadline()).telling(&telling).until_ready().await?;
    }
    Ok(())
}

fn definitions(manifests: &[Value]) -> impl Iterator<Item = &Value> {
    manifests.iter().filter(|object| object["kind"] == "CustomResourceDefinition")
}
