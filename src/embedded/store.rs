//! The objects, and the recent past of each kind.

use super::kind::KindId;
use serde_json::Value;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use tokio::sync::broadcast;

/// Changes remembered for each kind; a watch from before gets 410 Gone.
pub(super) const HISTORY: usize = 1_000;
/// Changes that a slow watcher may be behind before it gets 410 Gone.
const LAG: usize = 1_024;

/// `(namespace, name)`; the namespace of cluster-scoped objects is empty.
pub(super) type ObjectKey = (String, String);

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChangeType {
    Added,
    Modified,
    Deleted,
}

/// One change of one object.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub change: ChangeType,
    pub object: Arc<Value>,
    pub previous: Option<Arc<Value>>,
    pub revision: u64,
}

#[derive(Debug)]
struct Shelf {
    objects: BTreeMap<ObjectKey, Arc<Value>>,
    history: VecDeque<Change>,
    /// Revision of the newest change that is no longer remembered.
    forgotten: u64,
    feed: broadcast::Sender<Change>,
}

/// All objects, by kind.
#[derive(Debug)]
pub(super) struct Store {
    revision: u64,
    shelves: HashMap<KindId, Shelf>,
}

/// A watch: what is remembered since the start, and everything from now on.
pub(super) struct Subscription {
    pub past: Vec<Change>,
    pub feed: broadcast::Receiver<Change>,
}

impl Shelf {
    fn new(revision: u64) -> Self {
        let (feed, _) = broadcast::channel(LAG);
        Self { objects: BTreeMap::new(), history: VecDeque::new(), forgotten: revision, feed }
    }

    fn remember(&mut self, change: Change) {
        if self.history.len() == HISTORY
            && let Some(oldest) = self.history.pop_front()
        {
            self.forgotten = oldest.revision;
        }
        self.history.push_back(change.clone());
        // Nobody watching is no error.
        let _ = self.feed.send(change);
    }
}

impl Store {
    pub fn new() -> Self {
        Self { revision: 1, shelves: HashMap::new() }
    }

    /// The newest resourceVersion.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub fn len(&self) -> usize {
        self.shelves.values().map(|shelf| shelf.objects.len()).sum()
    }

    pub fn get(&self, kind: &KindId, namespace: &str, name: &str) -> Option<&Arc<Value>> {
        self.shelves.get(kind)?.objects.get(&(namespace.to_owned(), name.to_owned()))
    }

    /// Objects of a kind in the order of namespace and name; all namespaces where `namespace` is none.
    pub fn list<'a>(
        &'a self,
        kind: &KindId,
        namespace: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a ObjectKey, &'a Arc<Value>)> + use<'a> {
        let objects = self.shelves.get(kind).map(|shelf| &shelf.objects);
        objects.into_iter().flatten().filter(move |(key, _)| namespace.is_none_or(|wanted| key.0 == wanted))
    }

    /// Everything in a namespace.
    pub fn in_namespace(&self, namespace: &str) -> Vec<(KindId, String)> {
        let mut found = Vec::new();
        for (kind, shelf) in &self.shelves {
            let names = shelf.objects.keys().filter(|key| key.0 == namespace);
            found.extend(names.map(|key| (kind.clone(), key.1.clone())));
        }
        found
    }

    /// All objects of all kinds.
    pub fn everything(&self) -> impl Iterator<Item = (&KindId, &ObjectKey, &Arc<Value>)> {
        self.shelves.iter().flat_map(|(kind, shelf)| shelf.objects.iter().map(move |(key, object)| (kind, key, object)))
    }

    /// Stores the object under a new resourceVersion and tells the watchers.
    pub fn put(&mut self, kind: &KindId, key: ObjectKey, mut object: Value) -> Arc<Value> {
        self.revision += 1;
        let revision = self.revision;
        object["metadata"]["resourceVersion"] = revision.to_string().into();
        let object = Arc::new(object);
        let shelf = self.shelf(kind);
        let previous = shelf.objects.insert(key, Arc::clone(&object));
        let change = if previous.is_none() { ChangeType::Added } else { ChangeType::Modified };
        shelf.remember(Change { change, object: Arc::clone(&object), previous, revision });
        object
    }

    /// Takes the object away; the last state that watchers see has a resourceVersion of its own.
    pub fn remove(&mut self, kind: &KindId, namespace: &str, name: &str) -> Option<Arc<Value>> {
        let previous = self.shelves.get_mut(kind)?.objects.remove(&(namespace.to_owned(), name.to_owned()))?;
        self.revision += 1;
        let revision = self.revision;
        let mut last = Value::clone(&previous);
        last["metadata"]["resourceVersion"] = revision.to_string().into();
        let change = Change {
            change: ChangeType::Deleted,
            object: Arc::new(last),
            previous: Some(Arc::clone(&previous)),
            revision,
        };
        self.shelf(kind).remember(change);
        Some(previous)
    }

    /// Ends all watches of a kind that is no more.
    pub fn forget_kind(&mut self, kind: &KindId) {
        self.shelves.remove(kind);
    }

    /// Starts a watch after `since`; none where the past since then is no longer remembered.
    pub fn subscribe(&mut self, kind: &KindId, since: u64) -> Option<Subscription> {
        let shelf = self.shelf(kind);
        if since < shelf.forgotten && !shelf.history.is_empty() {
            return None;
        }
        let past = shelf.history.iter().filter(|change| change.revision > since).cloned().collect();
        Some(Subscription { past, feed: shelf.feed.subscribe() })
    }

    fn shelf(&mut self, kind: &KindId) -> &mut Shelf {
        let revision = if self.shelves.is_empty() { 0 } else { self.revision };
        self.shelves.entry(kind.clone()).or_insert_with(|| Shelf::new(revision.min(1)))
    }
}
