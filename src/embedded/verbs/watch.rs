//! GET with `watch`: what happens from now on, or from a resourceVersion on.

use super::list::Selectors;
use crate::embedded::call::Call;
use crate::embedded::query::invalid_option;
use crate::embedded::refusal::{Answer, Refusal};
use crate::embedded::schema::FieldErrorKind;
use crate::embedded::store::{Change, ChangeType, Subscription};
use crate::embedded::table;
use crate::embedded::world::World;
use bytes::Bytes;
use futures_util::Stream;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// How long a watch lasts where the client does not say. Source: kube-apiserver `--min-request-timeout`, 1800 s.
const LONGEST: Duration = Duration::from_secs(1_800);
/// How often a watcher that allows bookmarks gets one.
const BOOKMARKS: Duration = Duration::from_secs(60);

/// The shape of the objects in the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::embedded) enum WatchForm {
    Object,
    Table,
    Metadata,
}

struct Watch {
    call: Call,
    selectors: Selectors,
    form: WatchForm,
    queue: VecDeque<Bytes>,
    feed: Receiver<Change>,
    revision: u64,
    bookmarks: bool,
    next_bookmark: Instant,
    end: Instant,
    stop: CancellationToken,
    over: bool,
    headed: bool,
}

/// Starts a watch; the stream yields one JSON line an event.
pub(in crate::embedded) fn watch(
    world: &mut World,
    call: &Call,
    form: WatchForm,
    stop: CancellationToken,
) -> Answer<impl Stream<Item = Result<Bytes, Infallible>> + Send + 'static> {
    let selectors = Selectors::of(call)?;
    let since = call.query.resource_version()?;
    let seconds = call.query.number("timeoutSeconds")?.map_or(LONGEST, Duration::from_secs).min(LONGEST);
    let initial = call.query.flag("sendInitialEvents");
    if call.query.get("sendInitialEvents").is_some() && call.query.get("resourceVersionMatch") != Some("NotOlderThan") {
        let detail = "Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan";
        return Err(invalid_option("ListOptions", "resourceVersionMatch", FieldErrorKind::Forbidden, detail));
    }
    let fresh = since.is_none_or(|since| since == 0) && call.query.get("sendInitialEvents").is_none();
    let id = call.target.kind.id();
    let newest = world.store.revision();
    let from = if initial || fresh || since.is_none_or(|since| since == 0) { newest } else { since.unwrap_or(newest) };
    if from > newest {
        return Err(Refusal::too_new(from, newest));
    }
    let Some(Subscription { past, feed }) = world.store.subscribe(&id, from) else {
        return Err(Refusal::expired(format!("too old resource version: {from} ({newest})")));
    };
    let now = Instant::now();
    let mut watch = Watch {
        call: call.clone(),
        selectors,
        form,
        queue: VecDeque::new(),
        feed,
        revision: newest,
        bookmarks: call.query.flag("allowWatchBookmarks"),
        next_bookmark: now + BOOKMARKS,
        end: now + seconds,
        stop,
        over: false,
        headed: false,
    };
    if initial || fresh {
        let objects: Vec<_> =
            world.store.list(&id, watch.selectors.namespace()).map(|(_, object)| object).cloned().collect();
        for object in objects {
            let change = Change { change: ChangeType::Added, object, previous: None, revision: newest };
            watch.take(&change);
        }
    }
    if initial && watch.bookmarks {
        watch.bookmark(true);
    }
    for change in &past {
        watch.take(change);
    }
    Ok(futures_util::stream::unfold(watch, |mut watch| async move {
        let event = watch.next().await?;
        Some((Ok(event), watch))
    }))
}

impl Watch {
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(event) = self.queue.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            let wake = if self.bookmarks { self.next_bookmark.min(self.end) } else { self.end };
            tokio::select! {
                () = self.stop.cancelled() => return None,
                change = self.feed.recv() => match change {
                    Ok(change) => self.take(&change),
                    Err(RecvError::Closed) => return None,
                    Err(RecvError::Lagged(missed)) => self.expire(missed),
                },
                () = sleep_until(wake) => {
                    if Instant::now() >= self.end {
                        return None;
                    }
                    self.bookmark(false);
                }
            }
        }
    }

    /// Queues the event that a change is for this watcher, if any.
    fn take(&mut self, change: &Change) {
        self.revision = self.revision.max(change.revision);
        let before = change.previous.as_ref().is_some_and(|object| self.selectors.matches(object));
        let after = change.change != ChangeType::Deleted && self.selectors.matches(&change.object);
        let (event, object) = match (change.previous.is_some(), before, after) {
            (false, _, true) | (true, false, true) => ("ADDED", Value::clone(&change.object)),
            (true, true, true) => ("MODIFIED", Value::clone(&change.object)),
            (true, true, false) => ("DELETED", gone(change)),
            _ => return,
        };
        let object = self.shaped(object);
        self.push(event, object);
    }

    fn shaped(&mut self, mut object: Value) -> Value {
        object["apiVersion"] = self.call.target.api_version().into();
        match self.form {
            WatchForm::Object => object,
            WatchForm::Metadata => table::partial(&object),
            WatchForm::Table => {
                let headers = !std::mem::replace(&mut self.headed, true);
                table::one_row(&self.call, Arc::new(object), headers)
            }
        }
    }

    fn push(&mut self, event: &str, object: Value) {
        let mut line = json!({"type": event, "object": object}).to_string();
        line.push('\n');
        self.queue.push_back(line.into());
    }

    fn bookmark(&mut self, initial_done: bool) {
        self.next_bookmark = Instant::now() + BOOKMARKS;
        let kind = &self.call.target.kind;
        let mut object = json!({
            "kind": kind.kind,
            "apiVersion": self.call.target.api_version(),
            "metadata": {"resourceVersion": self.revision.to_string()},
        });
        if initial_done {
            object["metadata"]["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        }
        let object = self.shaped(object);
        self.push("BOOKMARK", object);
    }

    fn expire(&mut self, missed: u64) {
        let refusal = Refusal::expired(format!("too old resource version: the watcher is {missed} changes behind"));
        self.push("ERROR", refusal.to_status());
        self.over = true;
    }
}

/// The last state of an object that is gone, or is no longer chosen.
fn gone(change: &Change) -> Value {
    if change.change == ChangeType::Deleted {
        return Value::clone(&change.object);
    }
    let mut object = change.previous.as_deref().cloned().unwrap_or_default();
    object["metadata"]["resourceVersion"] = change.revision.to_string().into();
    object
}
