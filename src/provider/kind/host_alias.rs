//! `host.internal` in the pods of a cluster of ours, through CoreDNS.

use super::{
    KindError, KindFacts,
    corefile::{HostTarget, with_alias},
};
use crate::{
    cluster::{Cluster, ClusterError, Telling},
    provider::ProviderError,
};
use k8s_openapi::api::{
    apps::v1::Deployment,
    core::v1::{ConfigMap, Pod},
};
use kube::{
    Api,
    api::{ListParams, Patch, PatchParams},
};
use ring::digest::{SHA256, digest};
use serde_json::json;
use std::time::{Duration, Instant};

const NAMESPACE: &str = "kube-system";
const NAME: &str = "coredns";
/// Says on CoreDNS' pods which configuration they began with.
const BEGAN_WITH: &str = "agw-sandbox.dev/corefile";
/// How often a write is tried that somebody else was quicker with.
const TRIES: usize = 5;
/// Time for CoreDNS to be installed in a cluster that boots.
const APPEARS: Duration = Duration::from_secs(60);
/// Pause between two looks at CoreDNS.
const LOOK: Duration = Duration::from_millis(200);

impl KindFacts {
    /// What `host.internal` must stand for in pods; none if there is no way to this machine.
    pub fn host_target(&self) -> Option<HostTarget> {
        if self.has_host_name {
            return Some(HostTarget::Name("host.docker.internal".to_owned()));
        }
        self.host_address.map(HostTarget::Address)
    }
}

/// Sees to it that pods resolve `host.internal`. Returns whether it was changed. CoreDNS is started again only where
/// it had begun already: it would read the change by itself too, within 45 s.
pub async fn ensure_host_alias(cluster: &Cluster, target: &HostTarget) -> Result<bool, ProviderError> {
    let maps: Api<ConfigMap> = Api::namespaced(cluster.client(), NAMESPACE);
    for attempt in 1.. {
        let map = configuration(&maps).await?;
        let present = map.data.as_ref().and_then(|data| data.get("Corefile")).cloned().unwrap_or_default();
        let wanted = with_alias(&present, target)?;
        if wanted == present {
            return Ok(false);
        }
        // The version makes the API refuse it if somebody wrote in between.
        let patch = json!({
            "metadata": {"resourceVersion": map.metadata.resource_version},
            "data": {"Corefile": wanted},
        });
        match maps.patch(NAME, &PatchParams::default(), &Patch::Merge(&patch)).await {
            Ok(_) => {
                start_again_if_begun(cluster, &wanted).await?;
                return Ok(true);
            }
            Err(kube::Error::Api(status)) if status.code == 409 && attempt < TRIES => {}
            Err(error) => return Err(call("writing ConfigMap kube-system/coredns", &error)),
        }
    }
    Ok(false)
}

/// CoreDNS' configuration; a cluster that boots gets it a moment after its API answers.
async fn configuration(maps: &Api<ConfigMap>) -> Result<ConfigMap, ProviderError> {
    let began = Instant::now();
    loop {
        match maps.get(NAME).await {
            Ok(map) => return Ok(map),
            Err(kube::Error::Api(status)) if status.code == 404 && began.elapsed() < APPEARS => {}
            Err(error) => return Err(call("reading ConfigMap kube-system/coredns", &error)),
        }
        tokio::time::sleep(LOOK).await;
    }
}

async fn start_again_if_begun(cluster: &Cluster, corefile: &str) -> Result<(), ProviderError> {
    let pods: Api<Pod> = Api::namespaced(cluster.client(), NAMESPACE);
    let listed = pods.list(&ListParams::default().labels("k8s-app=kube-dns")).await;
    let listed = listed.map_err(|error| call("listing the pods of CoreDNS", &error))?;
    let placed = |pod: &Pod| pod.spec.as_ref().is_some_and(|spec| spec.node_name.is_some());
    if !listed.iter().any(placed) {
        return Ok(());
    }
    let hash = hex::encode(&digest(&SHA256, corefile.as_bytes()).as_ref()[..8]);
    let patch = json!({"spec": {"template": {"metadata": {"annotations": {BEGAN_WITH: hash}}}}});
    let deployments: Api<Deployment> = Api::namespaced(cluster.client(), NAMESPACE);
    let patched = deployments.patch(NAME, &PatchParams::default(), &Patch::Merge(&patch)).await;
    patched.map_err(|error| call("starting CoreDNS again", &error))?;
    Ok(())
}

/// Waits until CoreDNS serves with its present configuration.
pub async fn await_host_alias(
    cluster: &Cluster,
    deadline: Duration,
    telling: Telling<'_>,
) -> Result<(), ProviderError> {
    let deployments: Api<Deployment> = Api::namespaced(cluster.client(), NAMESPACE);
    let began = Instant::now();
    let mut told = String::new();
    loop {
        let last = match deployments.get(NAME).await {
            Ok(deployment) => match why_not_ready(&deployment) {
                None => return Ok(()),
                Some(why) => why,
            },
            Err(error) => error.to_string(),
        };
        if began.elapsed() > deadline {
            return Err(KindError::Dns { seconds: deadline.as_secs(), last }.into());
        }
        if last != told {
            telling(format!("Deployment kube-system/coredns: {last}"));
            told = last;
        }
        tokio::time::sleep(LOOK).await;
    }
}

fn why_not_ready(deployment: &Deployment) -> Option<String> {
    let status = deployment.status.clone().unwrap_or_default();
    if status.observed_generation < deployment.metadata.generation {
        return Some("its change was not seen yet".to_owned());
    }
    let wanted = deployment.spec.as_ref().and_then(|spec| spec.replicas).unwrap_or(1);
    let count = |number: Option<i32>| number.unwrap_or_default();
    let (updated, available, all) =
        (count(status.updated_replicas), count(status.available_replicas), count(status.replicas));
    (updated < wanted || available < wanted || all > updated)
        .then(|| format!("{available} of {wanted} pods available, {updated} of {all} up to date"))
}

fn call(doing: &str, error: &kube::Error) -> ProviderError {
    let why = match error {
        kube::Error::Api(status) => status.message.clone(),
        other => other.to_string(),
    };
    ProviderError::from(ClusterError::Call { doing: doing.to_owned(), why })
}
