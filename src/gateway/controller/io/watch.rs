//! Watches, one for each kind.

use crate::gateway::controller::{
    line::Family,
    resource::{KeySetSource, Kind},
};
use futures_util::StreamExt;
use kube::{
    Api, Client,
    api::ListParams,
    core::DynamicObject,
    runtime::watcher::{self, Event},
};
use serde_json::Value;
use std::{pin::pin, time::Duration};
use tokio::{sync::mpsc, time::Instant};

/// Between tries while the kind may come any moment.
const QUICK_RETRY: Duration = Duration::from_millis(25);

/// For how long tries follow each other quickly.
const QUICK_PHASE: Duration = Duration::from_secs(20);

/// Between tries after that.
const SLOW_RETRY: Duration = Duration::from_millis(500);

/// What a watch has seen.
#[derive(Debug)]
pub(super) enum Change {
    /// These are all objects of the kind.
    All(Kind, Vec<Value>),
    /// The object is new or other than it was.
    Changed(Kind, Value),
    /// The object is gone.
    Gone(Kind, Value),
    /// The API does not know the kind.
    Absent(Kind),
    /// A Service has told its keys.
    Keys(KeySetSource, String),
}

/// How a watch gets the objects that are there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Listing {
    /// As the first events of the watch; API servers before Kubernetes 1.34 need not know that.
    Stream,
    /// By listing them first.
    Pages,
}

/// Watches a kind until the receiver goes away; a kind that is not there yet, or an API that fails, is tried again.
pub(super) async fn watch(client: Client, family: Family, kind: Kind, listing: Listing, changes: mpsc::Sender<Change>) {
    let api: Api<DynamicObject> = Api::all_with(client, &family.resource(kind));
    let config = match listing {
        Listing::Stream => watcher::Config::default().streaming_lists(),
        Listing::Pages => watcher::Config::default(),
    };
    let mut stream = pin!(watcher::watcher(api, config));
    let mut listed = Vec::new();
    let mut failing_since = None;
    let mut told_absent = false;
    while let Some(event) = stream.next().await {
        let change = match event {
            Ok(event) => {
                failing_since = None;
                told_absent = false;
                digest(kind, event, &mut listed)
            }
            Err(error) => {
                let since = *failing_since.get_or_insert_with(Instant::now);
                // The charts of lines without models give no right to read them.
                let absent = has_code(&error, 404) || (kind == Kind::Model && has_code(&error, 403));
                if absent && !told_absent && changes.send(Change::Absent(kind)).await.is_err() {
                    return;
                }
                told_absent |= absent;
                if !absent {
                    tracing::debug!(kind = kind.name(), %error, "watch failed");
                }
                tokio::time::sleep(if since.elapsed() < QUICK_PHASE { QUICK_RETRY } else { SLOW_RETRY }).await;
                None
            }
        };
        if let Some(change) = change
            && changes.send(change).await.is_err()
        {
            return;
        }
    }
}

/// All objects of a kind as they are now.
pub(super) async fn list(client: &Client, family: Family, kind: Kind) -> Result<Change, kube::Error> {
    let api: Api<DynamicObject> = Api::all_with(client.clone(), &family.resource(kind));
    let objects = api.list(&ListParams::default()).await?;
    Ok(Change::All(kind, objects.items.into_iter().filter_map(plain).collect()))
}

fn digest(kind: Kind, event: Event<DynamicObject>, listed: &mut Vec<Value>) -> Option<Change> {
    match event {
        Event::Init => listed.clear(),
        Event::InitApply(object) => listed.extend(plain(object)),
        Event::InitDone => return Some(Change::All(kind, std::mem::take(listed))),
        Event::Apply(object) => return plain(object).map(|object| Change::Changed(kind, object)),
        Event::Delete(object) => return plain(object).map(|object| Change::Gone(kind, object)),
    }
    None
}

/// An object as plain data. Who manages which field is large and of no use here.
pub(super) fn plain(mut object: DynamicObject) -> Option<Value> {
    object.metadata.managed_fields = None;
    serde_json::to_value(object).ok()
}

fn has_code(error: &watcher::Error, code: u16) -> bool {
    match error {
        watcher::Error::InitialListFailed(kube::Error::Api(status))
        | watcher::Error::WatchStartFailed(kube::Error::Api(status))
        | watcher::Error::WatchFailed(kube::Error::Api(status)) => status.code == code,
        watcher::Error::WatchError(status) => status.code == code,
        _ => false,
    }
}
