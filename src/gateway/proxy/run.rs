//! The life of a proxy: it follows the table, port by port.

use super::{connection, options::ProxyOptions, port, shared::Shared};
use crate::gateway::{Mutant, table::Table};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    sync::Arc,
};
use tokio::{sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// Where each listener port is served, or why it is not.
pub type Bound = BTreeMap<u16, Result<SocketAddr, String>>;

/// Serves the table until cancelled, and tells in `served` which one it serves: opens the ports that appear in it, closes
/// those that leave it and does not touch the others. Returns when all connections have ended, a moment after the time to
/// drain at the latest.
pub async fn run(
    options: ProxyOptions,
    mut table: watch::Receiver<Arc<Table>>,
    served: watch::Sender<Arc<Table>>,
    bound: watch::Sender<Bound>,
    mutant: watch::Receiver<Option<Mutant>>,
    cancel: CancellationToken,
) {
    let shared = Arc::new(Shared::new(&options, mutant));
    let mut ports =
        Ports { options, shared: Arc::clone(&shared), open: BTreeMap::new(), tasks: JoinSet::new(), cancel };
    let cancel = ports.cancel.clone();
    loop {
        let wanted = Arc::clone(&table.borrow_and_update());
        shared.turn_to(&wanted);
        ports.follow(&wanted, &bound).await;
        served.send_replace(wanted);
        tokio::select! {
            () = cancel.cancelled() => break,
            changed = table.changed() => if changed.is_err() {
                // No table will follow; this one is served on.
                cancel.cancelled().await;
                break;
            },
        }
    }
    while ports.tasks.join_next().await.is_some() {}
}

struct Ports {
    options: ProxyOptions,
    shared: Arc<Shared>,
    open: BTreeMap<u16, CancellationToken>,
    tasks: JoinSet<()>,
    cancel: CancellationToken,
}

impl Ports {
    async fn follow(&mut self, table: &Table, bound: &watch::Sender<Bound>) {
        let wanted: BTreeSet<u16> = table.listeners.iter().map(|listener| listener.port).collect();
        let mut addresses = bound.borrow().clone();
        addresses.retain(|port, _| wanted.contains(port));
        self.open.retain(|port, closing| {
            let stays = wanted.contains(port);
            if !stays {
                closing.cancel();
            }
            stays
        });
        for port in wanted {
            if !self.open.contains_key(&port) {
                addresses.insert(port, self.open(port).await);
            }
        }
        while self.tasks.try_join_next().is_some() {}
        bound.send_if_modified(|known| {
            let news = *known != addresses;
            *known = addresses;
            news
        });
    }

    async fn open(&mut self, port: u16) -> Result<SocketAddr, String> {
        let listener = port::bind(&self.options, port).await?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        let closing = self.cancel.child_token();
        self.open.insert(port, closing.clone());
        self.tasks.spawn(connection::accept(Arc::clone(&self.shared), listener, port, closing));
        Ok(address)
    }
}
