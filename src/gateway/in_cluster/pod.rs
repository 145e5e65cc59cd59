//! The proxy in its pod.

use super::{
    InClusterError, PROXY_HEALTH_PORT, PROXY_STATS_PORT,
    health::{self, ProxyState},
    mutant,
};
use crate::gateway::{
    controller::{self, Identity},
    proxy::{self, LogTarget, ProxyOptions, SessionKey, Telemetry, serve_stats, write_log},
    table::{ObjectName, Table},
};
use kube::Client;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};
use tokio::{sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// From the wish to end until no new connection is taken: so long nodes may still send some.
const FAREWELL: Duration = Duration::from_secs(3);

/// Time for requests under way after that, as `CONNECTION_MIN_TERMINATION_DEADLINE` promises.
const DRAIN: Duration = Duration::from_secs(10);

/// The variable that holds the key of MCP sessions: all pods of a Gateway have the same.
const SESSION_KEY: &str = "SESSION_KEY";

/// How a proxy runs in a pod.
#[derive(Debug, Clone)]
pub struct ProxyPod {
    /// The Gateway that it serves.
    pub gateway: ObjectName,
    /// The release that it plays, without `v`.
    pub release: String,
    /// Whose proxy it is.
    pub identity: Identity,
}

/// Serves a Gateway until it is cancelled, and then what is under way.
///
/// # Errors
/// The port at which the kubelet asks how it is cannot be had.
pub async fn run_proxy_pod(client: Client, options: ProxyPod, cancel: CancellationToken) -> Result<(), InClusterError> {
    let listener = health::listen(PROXY_HEALTH_PORT).await?;
    let stats = health::listen(PROXY_STATS_PORT).await?;
    let (telemetry, lines) = Telemetry::logging();
    let telemetry = Arc::new(telemetry);
    let nothing = Arc::new(Table::default());
    let (table, tables) = watch::channel(Arc::clone(&nothing));
    let (serving, served) = watch::channel(Arc::clone(&nothing));
    let (bound, listening) = watch::channel(BTreeMap::new());
    let (wish, wishes) = watch::channel(None);
    let (wanted, mutant) = watch::channel(None);
    let state = ProxyState { nothing, served, bound: listening, mutant: mutant.clone(), leaving: cancel.clone() };
    let ended = CancellationToken::new();

    tracing::info!(gateway = %options.gateway, release = options.release, "the proxy begins");

    // Dropped with this function, and all tasks with it.
    let mut tasks = JoinSet::new();
    tasks.spawn(health::serve(listener, health::of_proxy(state)));
    tasks.spawn(serve_stats(stats, Arc::clone(&telemetry)));
    tasks.spawn(write_log(lines, LogTarget::StandardOutput));
    tasks.spawn(mutant::follow(client.clone(), options.identity.namespace.clone(), wish));
    tasks.spawn(mutant::obey(wishes, wanted));
    tasks.spawn(controller::follow(
        client,
        options.gateway,
        options.release.clone(),
        options.identity,
        table,
        ended.clone(),
    ));
    let end = ended.clone();
    tasks.spawn(async move {
        cancel.cancelled().await;
        tracing::info!("the proxy ends as soon as nodes have learnt it");
        tokio::time::sleep(FAREWELL).await;
        end.cancel();
    });
    let proxy = ProxyOptions {
        address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        exact_ports: BTreeSet::new(),
        preferred: BTreeMap::new(),
        aliases: BTreeMap::new(),
        release: options.release,
        drain: DRAIN,
        session_key: std::env::var(SESSION_KEY).ok().and_then(|key| SessionKey::from_hex(&key)),
        telemetry,
    };
    proxy::run(proxy, tables, serving, bound, mutant, ended).await;
    Ok(())
}
