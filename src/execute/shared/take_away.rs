//! Taking a sandbox's cluster away, whichever it is.

use super::{Removal, Removed, helm_releases::remove_releases};
use crate::{
    cluster::{Cluster, Telling, Writes},
    execute::ExecuteError,
    forward,
    provider::Provider,
};
use std::{path::Path, time::Duration};

/// Time for each part of what is ours in a shared cluster to go.
const GO: Duration = Duration::from_secs(90);

/// Takes the cluster away. From one that is not ours, only what is ours in it goes, after two proofs that the sandbox is in
/// it. Returns whether there was anything, and what had to stay.
pub async fn take_away(
    provider: &Provider,
    home: &Path,
    telling: Telling<'_>,
) -> Result<(bool, Removed), ExecuteError> {
    forward::end(home).await?;
    let mut removed = Removed::default();
    if let Provider::Context(context) = provider
        && let Some(facts) = context.begin_removal().await?
        && let Some(shared) = &facts.shared
    {
        let cluster = Cluster::from_kubeconfig(&facts.kubeconfig, Writes::default()).await?;
        let cluster = cluster.owned_by(Some(shared.owner.clone()));
        let charts = Box::pin(remove_releases(&cluster, &facts, home, &shared.owner));
        removed = Removal::new(&cluster, shared, GO, telling).run(Some(charts)).await?;
    }
    Ok((provider.remove().await?, removed))
}
