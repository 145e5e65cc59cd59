//! Controller and proxy together.

use super::{
    controller::{self, Misbehaviour, ProxyLink},
    proxy::{self, ProxyOptions, Telemetry},
    table::Table,
};
use kube::Client;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr},
    sync::Arc,
    time::Duration,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Time for requests under way when a port closes: nobody waits long for a process to end.
const DRAIN: Duration = Duration::from_millis(400);

/// How the reference gateway runs.
#[derive(Debug, Clone)]
pub struct GatewayOptions {
    /// The release that it plays, `1.4.1`.
    pub release: String,
    /// Listener ports that must have the same number on this machine.
    pub exact_ports: BTreeSet<u16>,
    /// Where the proxy tells of its requests.
    pub telemetry: Arc<Telemetry>,
}

impl GatewayOptions {
    /// A gateway whose proxy listens in this process, on loopback.
    pub fn in_process(release: String, exact_ports: BTreeSet<u16>, telemetry: Arc<Telemetry>) -> Self {
        Self { release, exact_ports, telemetry }
    }
}

/// Runs controller and proxy until the token is cancelled.
pub async fn run(client: Client, options: GatewayOptions, misbehaviour: Misbehaviour, cancel: CancellationToken) {
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    let (table, served) = watch::channel(Arc::new(Table::default()));
    let (serving, in_effect) = watch::channel(Arc::clone(&served.borrow()));
    let (bound, listening) = watch::channel(BTreeMap::new());
    let proxy = ProxyOptions {
        address,
        exact_ports: options.exact_ports,
        preferred: BTreeMap::new(),
        aliases: BTreeMap::from([("host.internal".to_owned(), address)]),
        release: options.release.clone(),
        drain: DRAIN,
        session_key: None,
        telemetry: options.telemetry,
    };
    let controller = controller::ControllerOptions {
        identity: controller::Identity::of(&options.release),
        release: options.release,
        in_process_proxy: true,
        address: Some(address),
        proxy_image: None,
    };
    let link = ProxyLink { table, served: in_effect, bound: listening };
    tokio::join!(
        proxy::run(proxy, served, serving, bound, misbehaviour.wanted.clone(), cancel.clone()),
        controller::run(client, controller, link, misbehaviour, cancel),
    );
}
