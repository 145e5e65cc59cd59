//! What Helm has noted in the cluster about a release, read from where it notes it.

use super::Mark;
use crate::cluster::{Cluster, ClusterError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::GzDecoder;
use k8s_openapi::api::core::v1::Secret;
use kube::Api;
use kube::api::{DeleteParams, ListParams};
use serde_json::Value;
use std::io::Read;

/// Largest note that is unpacked, in bytes.
const LARGEST: u64 = 64 << 20;

/// State of a revision. Source: helm `pkg/release/common/status.go`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevisionState {
    /// In force.
    Deployed,
    /// It did not come through.
    Failed,
    /// A later one replaced it.
    Superseded,
    /// Helm is at it, or was when it was interrupted.
    Pending,
    /// Helm is removing it, or was when it was interrupted.
    Uninstalling,
    /// Removed, with its history kept.
    Uninstalled,
    /// Anything else.
    Unknown,
}

impl RevisionState {
    fn read(label: &str) -> Self {
        match label {
            "deployed" => Self::Deployed,
            "failed" => Self::Failed,
            "superseded" => Self::Superseded,
            "pending-install" | "pending-upgrade" | "pending-rollback" => Self::Pending,
            "uninstalling" => Self::Uninstalling,
            "uninstalled" => Self::Uninstalled,
            _ => Self::Unknown,
        }
    }
}

/// A helm release as it is in the cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revisions {
    /// Number of the newest revision.
    pub newest: u32,
    /// Its state.
    pub state: RevisionState,
    /// From what it was made, if agw-sandbox made it.
    pub mark: Option<Mark>,
    /// Its objects as YAML documents.
    pub manifest: String,
    /// The newest revision before it that was in force once.
    pub last_good: Option<u32>,
}

/// What Helm has noted about a release; `None` where there is none.
pub(super) async fn revisions(
    cluster: &Cluster,
    namespace: &str,
    name: &str,
) -> Result<Option<Revisions>, ClusterError> {
    let failed = |error: kube::Error| failed("reading", namespace, name, error);
    let secrets: Api<Secret> = Api::namespaced(cluster.client(), namespace);
    let mut all = listed(&secrets, name).await.map_err(failed)?;
    let Some((newest, state, secret)) = all.pop() else { return Ok(None) };
    let good = |state: &RevisionState| matches!(state, RevisionState::Deployed | RevisionState::Superseded);
    let last_good = all.iter().rev().find(|(_, state, _)| good(state)).map(|(number, ..)| *number);
    // It may be replaced between the two calls; then there is no note, and nothing that could be relied on.
    let note = secrets.get_opt(&secret).await.map_err(failed)?.and_then(|secret| note_in(&secret)).unwrap_or_default();
    let text = |pointer: &str| note.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (mark, manifest) = (Mark::read(text("/info/description")), text("/manifest").to_owned());
    Ok(Some(Revisions { newest, state, mark, manifest, last_good }))
}

/// Makes Helm forget every revision after one that was in force.
pub(super) async fn forget_after(
    cluster: &Cluster,
    namespace: &str,
    name: &str,
    good: u32,
) -> Result<(), ClusterError> {
    let failed = |error: kube::Error| failed("recovering", namespace, name, error);
    let secrets: Api<Secret> = Api::namespaced(cluster.client(), namespace);
    let all = listed(&secrets, name).await.map_err(failed)?;
    for (_, _, secret) in all.iter().rev().filter(|(number, ..)| *number > good) {
        match secrets.delete(secret, &DeleteParams::default()).await {
            Err(kube::Error::Api(status)) if status.code == 404 => {}
            done => drop(done.map_err(failed)?),
        }
    }
    Ok(())
}

/// Number, state and Secret of every revision, the oldest first.
async fn listed(secrets: &Api<Secret>, name: &str) -> Result<Vec<(u32, RevisionState, String)>, kube::Error> {
    let selector = ListParams::default().labels(&format!("owner=helm,name={name}"));
    let listed = secrets.list_metadata(&selector).await?;
    let mut all: Vec<_> = listed
        .items
        .into_iter()
        .filter_map(|secret| {
            let labels = secret.metadata.labels?;
            let number = labels.get("version")?.parse().ok()?;
            Some((number, RevisionState::read(labels.get("status")?), secret.metadata.name?))
        })
        .collect();
    all.sort_by_key(|(number, ..)| *number);
    Ok(all)
}

fn failed(doing: &str, namespace: &str, name: &str, error: kube::Error) -> ClusterError {
    let why = match error {
        kube::Error::Api(status) => status.message.clone(),
        other => super::network::chain(&other),
    };
    ClusterError::Call { doing: format!("{doing} helm release {namespace}/{name}"), why }
}

/// A note is JSON, packed and written in base64, in a Secret.
fn note_in(secret: &Secret) -> Option<Value> {
    let packed = STANDARD.decode(&secret.data.as_ref()?.get("release")?.0).ok()?;
    let mut text = String::new();
    GzDecoder::new(packed.as_slice()).take(LARGEST).read_to_string(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}
