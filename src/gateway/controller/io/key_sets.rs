//! Fetching the keys that sign tokens. Source: facts/manifests.md 2.3: the controller fetches them, not the proxy.

use super::watch::Change;
use crate::gateway::{
    controller::{reconcile::Desired, resource::KeySetSource},
    table::Table,
};
use std::{collections::BTreeMap, net::SocketAddr, time::Duration};
use tokio::{
    sync::{mpsc, watch},
    task::{AbortHandle, JoinSet},
};

/// Until keys that are there are fetched again: `cacheDuration` where nothing is said.
const FRESH_FOR: Duration = Duration::from_secs(300);
/// Until keys that are not there are asked for again.
const RETRY: Duration = Duration::from_millis(500);
/// How long a Service may take to answer.
const DEADLINE: Duration = Duration::from_secs(10);
/// Longest set of keys.
const LARGEST_SET: usize = 1024 * 1024;

/// ExternalName Services that may point at each other before it counts as a circle.
const ALIAS_CHAIN: usize = 8;

/// Fetches sets of keys as long as somebody needs them. Dropping it ends that.
pub(super) struct KeySets {
    changes: mpsc::Sender<Change>,
    /// The Services of the moment, and nothing else.
    services: watch::Sender<Table>,
    wanted: BTreeMap<KeySetSource, AbortHandle>,
    tasks: JoinSet<()>,
}

impl KeySets {
    /// Tells what was fetched as a change.
    pub(super) fn telling(changes: mpsc::Sender<Change>) -> Self {
        let (services, _) = watch::channel(Table::default());
        Self { changes, services, wanted: BTreeMap::new(), tasks: JoinSet::new() }
    }

    /// Begins with what is needed from now on, and ends what is not.
    pub(super) fn follow(&mut self, desired: &Desired) {
        self.wanted.retain(|source, task| {
            let stays = desired.key_sets.contains(source);
            if !stays {
                task.abort();
            }
            stays
        });
        if desired.key_sets.is_empty() {
            return;
        }
        self.services.send_if_modified(|services| {
            let table = &desired.table;
            let differs = services.services != table.services || services.aliases != table.aliases;
            if differs {
                services.services.clone_from(&table.services);
                services.aliases.clone_from(&table.aliases);
            }
            differs
        });
        for source in &desired.key_sets {
            if !self.wanted.contains_key(source) {
                let work = keep(source.clone(), self.services.subscribe(), self.changes.clone());
                self.wanted.insert(source.clone(), self.tasks.spawn(work));
            }
        }
        while self.tasks.try_join_next().is_some() {}
    }
}

/// Fetches a set again and again.
async fn keep(source: KeySetSource, mut services: watch::Receiver<Table>, changes: mpsc::Sender<Change>) {
    loop {
        let address = address(&source, &services.borrow_and_update());
        let fetched = match address {
            Some(address) => tokio::time::timeout(DEADLINE, fetch(&source, address)).await.ok().flatten(),
            None => None,
        };
        let pause = if fetched.is_some() { FRESH_FOR } else { RETRY };
        if let Some(text) = fetched
            && changes.send(Change::Keys(source.clone(), text)).await.is_err()
        {
            return;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            // A Service that was not there may be there now.
            changed = services.changed(), if pause == RETRY => if changed.is_err() {
                return;
            },
        }
    }
}

fn address(source: &KeySetSource, table: &Table) -> Option<SocketAddr> {
    let mut host = source.host.as_str();
    for _ in 0..ALIAS_CHAIN {
        match table.aliases.get(host) {
            Some(target) => host = target.trim_end_matches('.'),
            None => break,
        }
    }
    table.services.get(&(host.to_owned(), source.port))?.first().copied().map(SocketAddr::from)
}

/// The set, if it is one.
async fn fetch(source: &KeySetSource, address: SocketAddr) -> Option<String> {
    let builder = reqwest::Client::builder().no_proxy().tls_certs_only([]).user_agent("Go-http-client/1.1");
    let client = builder.redirect(reqwest::redirect::Policy::none()).build().ok()?;
    let request = client
        .get(format!("http://{address}{}", source.path))
        .header("host", format!("{}:{}", source.host, source.port))
        .header("connection", "close");
    let mut answer = request.send().await.ok()?.error_for_status().ok()?;
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.ok()? {
        bytes.extend_from_slice(&piece);
        if bytes.len() > LARGEST_SET {
            return None;
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    let set: serde_json::Value = serde_json::from_str(&text).ok()?;
    set["keys"].is_array().then_some(text)
}
