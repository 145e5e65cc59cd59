//! What has been seen of the cluster, kept up to date by watches.

use super::{
    key_sets::KeySets,
    watch::{Change, Listing, list, watch},
};
use crate::gateway::controller::{
    line::Family,
    reconcile::Desired,
    resource::{Kind, ObjectKey, Snapshot},
};
use kube::Client;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{Instant, timeout_at},
};

/// A quiet time that ends a burst of changes.
const QUIET: Duration = Duration::from_millis(1);

/// Longest time that a burst of changes is gathered.
const BURST: Duration = Duration::from_millis(5);

/// Changes that wait to be taken in.
const WAITING_CHANGES: usize = 256;

/// The cluster as it was seen last. Dropping it ends its watches.
pub(super) struct View {
    client: Client,
    family: Family,
    kinds: Vec<Kind>,
    changes: mpsc::Receiver<Change>,
    /// Kinds that were looked at; whether the API knows them.
    known: BTreeMap<Kind, bool>,
    /// All objects.
    pub(super) snapshot: Snapshot,
    key_sets: KeySets,
    _watches: JoinSet<()>,
}

impl View {
    /// Begins to watch these kinds as a family has them.
    pub(super) fn of(client: &Client, family: Family, kinds: Vec<Kind>, listing: Listing) -> Self {
        let (sender, changes) = mpsc::channel(WAITING_CHANGES);
        let mut watches = JoinSet::new();
        for kind in &kinds {
            watches.spawn(watch(client.clone(), family, *kind, listing, sender.clone()));
        }
        let client = client.clone();
        let (known, snapshot) = (BTreeMap::new(), Snapshot::default());
        let key_sets = KeySets::telling(sender);
        Self { client, family, kinds, changes, known, snapshot, key_sets, _watches: watches }
    }

    /// Fetches the keys that policies need, and forgets others.
    pub(super) fn fetch_keys(&mut self, desired: &Desired) {
        self.key_sets.follow(desired);
        self.snapshot.key_sets.retain(|source, _| desired.key_sets.contains(source));
    }

    /// What the kinds are called.
    pub(super) fn family(&self) -> Family {
        self.family
    }

    /// Waits for a change and takes it in; `false` when there will be none any more. Nothing is lost when the wait is given up.
    pub(super) async fn change(&mut self) -> bool {
        let Some(change) = self.changes.recv().await else { return false };
        self.take_in(change);
        true
    }

    /// Takes in what comes together with a change.
    pub(super) async fn rest_of_burst(&mut self) {
        let end = Instant::now() + BURST;
        while let Ok(Some(change)) = timeout_at(end.min(Instant::now() + QUIET), self.changes.recv()).await {
            self.take_in(change);
        }
    }

    /// Whether every kind has been looked at, and all that cannot be done without are there.
    pub(super) fn is_complete(&self) -> bool {
        let seen = |kind: &Kind| self.known.get(kind).is_some_and(|there| *there || kind.is_optional());
        self.kinds.iter().all(seen)
    }

    /// Whether the API knows a kind.
    pub(super) fn knows(&self, kind: Kind) -> bool {
        self.known.get(&kind) == Some(&true)
    }

    /// Reads what has no status to wait for. Whoever sees a route accepted may count on the Services that were applied before
    /// it, and the watches of two kinds keep no order among each other.
    pub(super) async fn read_addresses(&mut self) {
        for kind in [Kind::Service, Kind::EndpointSlice] {
            // The watch goes on in any case.
            if let Ok(change) = list(&self.client, self.family, kind).await {
                self.take_in(change);
            }
        }
    }

    fn take_in(&mut self, change: Change) {
        match change {
            Change::All(kind, objects) => {
                self.known.insert(kind, true);
                let mut old: BTreeSet<_> = self.snapshot.names(kind).into_iter().collect();
                for object in objects {
                    old.remove(&key_of(kind, &object));
                    self.insert(kind, object);
                }
                old.iter().for_each(|key| self.snapshot.remove(key));
            }
            Change::Changed(kind, object) => self.insert(kind, object),
            Change::Gone(kind, object) => self.snapshot.remove(&key_of(kind, &object)),
            Change::Keys(source, text) => drop(self.snapshot.key_sets.insert(source, text)),
            Change::Absent(kind) => {
                self.known.insert(kind, false);
                self.snapshot.names(kind).iter().for_each(|key| self.snapshot.remove(key));
            }
        }
    }

    /// Takes an object in, unless a newer version of it was seen already: answers to reads and writes can be faster than the
    /// watch.
    pub(super) fn insert(&mut self, kind: Kind, object: Value) {
        if let Err(error) = self.snapshot.insert(kind, self.family.translate(kind, object)) {
            tracing::warn!("{error}");
        }
    }
}

fn key_of(kind: Kind, object: &Value) -> ObjectKey {
    let field = |name: &str| object["metadata"][name].as_str().unwrap_or_default();
    ObjectKey::new(kind, field("namespace"), field("name"))
}
