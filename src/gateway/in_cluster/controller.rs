//! The controller in its pod.

use super::{InClusterError, confirm::Asker, health, lease, mutant};
use crate::gateway::controller::{self, ControllerOptions, Identity, Misbehaviour, ProxyImage, ProxyLink};
use kube::Client;
use std::{collections::BTreeMap, sync::Arc};
use tokio::{sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// The port of `/readyz`.
const HEALTH_PORT: u16 = 9093;

/// How the controller runs in a pod.
#[derive(Debug, Clone)]
pub struct ControllerPod {
    /// The release that it plays, without `v`.
    pub release: String,
    /// Image of the proxies.
    pub image: ProxyImage,
    /// As whom it acts.
    pub identity: Identity,
    /// Name of the pod, for the Lease.
    pub name: String,
}

/// Runs the controller until it is cancelled.
///
/// # Errors
/// The port of `/readyz` cannot be had.
pub async fn run_controller(
    client: Client,
    options: ControllerPod,
    cancel: CancellationToken,
) -> Result<(), InClusterError> {
    let listener = health::listen(HEALTH_PORT).await?;
    let identity = options.identity;
    tracing::info!(
        release = options.release, image = ?options.image, controller = identity.controller, enabled = identity.enabled,
        "the controller begins"
    );
    let asker = Asker::new().map_err(|error| InClusterError::NoCluster { why: error.to_string() })?;
    let (table, tables) = watch::channel(Arc::default());
    let (serving, served) = watch::channel(Arc::clone(&tables.borrow()));
    let (_, bound) = watch::channel(BTreeMap::new());
    let (wish, wishes) = watch::channel(None);
    let (wanted, wants) = watch::channel(None);
    let (acting, acts) = watch::channel(None);
    let (ready, is_ready) = watch::channel(false);

    // Dropped with this function, and all tasks with it.
    let mut tasks = JoinSet::new();
    tasks.spawn(health::serve(listener, health::of_controller(is_ready)));
    tasks.spawn(lease::hold(client.clone(), identity.clone(), options.name));
    tasks.spawn(mutant::follow(client.clone(), identity.namespace.clone(), wish));
    tasks.spawn(mutant::obey(wishes.clone(), wanted));
    let maps = mutant::maps(client.clone(), &identity.namespace);
    tasks.spawn(mutant::report(maps, asker.clone(), wishes, acts.clone(), tables.clone()));
    tasks.spawn(async move { asker.confirm(tables, serving).await });
    tasks.spawn(until_settled(acts, ready));

    let play = ControllerOptions {
        release: options.release,
        in_process_proxy: false,
        address: None,
        proxy_image: Some(options.image),
        identity,
    };
    let link = ProxyLink { table, served, bound };
    controller::run(client, play, link, Misbehaviour { wanted: wants, acting }, cancel).await;
    Ok(())
}

/// The controller tells which mutant it acts whenever nothing is left to write, the first time when it has seen everything.
async fn until_settled(mut acting: watch::Receiver<Option<crate::gateway::Mutant>>, ready: watch::Sender<bool>) {
    if acting.changed().await.is_ok() {
        tracing::info!("everything has been seen, and nothing is left to write");
        ready.send_replace(true);
    }
}
