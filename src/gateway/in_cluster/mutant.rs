//! Misbehaviour on a cluster: a ConfigMap says what is wished, and is told what is acted.

use super::{confirm::Asker, serving::name_of};
use crate::gateway::{Mutant, table::Table};
use futures_util::StreamExt;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::{
    Api, Client,
    api::{Patch, PatchParams},
    runtime::{
        WatchStreamExt,
        watcher::{self, Event, watcher},
    },
};
use serde_json::json;
use std::{pin::pin, sync::Arc, time::Duration};
use tokio::sync::watch;

/// The ConfigMap in the namespace of the controller. Its entry `name` is the wished mutant, empty for none; the controller
/// writes the same text to `status` once controller and proxies act it, or why they never will.
pub const MUTANT_CONFIG_MAP: &str = "agw-sandbox-mutant";

/// Until a status that could not be written is tried again.
const RETRY: Duration = Duration::from_millis(200);

/// What the ConfigMap holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Wish {
    name: String,
    status: Option<String>,
}

impl Wish {
    /// The mutant; an unknown name is none.
    pub(super) fn mutant(&self) -> Option<Mutant> {
        self.name.parse().ok()
    }

    /// What the status has to say once this mutant is acted; `None` while another one is.
    fn answer(&self, acting: Option<Mutant>) -> Option<String> {
        match self.name.parse::<Mutant>() {
            _ if self.name.is_empty() => acting.is_none().then(String::new),
            Ok(mutant) => (acting == Some(mutant)).then(|| self.name.clone()),
            Err(unknown) => Some(unknown.to_string()),
        }
    }
}

/// The ConfigMaps of the controller's namespace.
pub(super) fn maps(client: Client, namespace: &str) -> Api<ConfigMap> {
    Api::namespaced(client, namespace)
}

/// Follows the ConfigMap as long as it is polled; `None` is told while it is not there.
pub(super) async fn follow(client: Client, namespace: String, wish: watch::Sender<Option<Wish>>) {
    let api = maps(client, &namespace);
    let only = watcher::Config::default().fields(&format!("metadata.name={MUTANT_CONFIG_MAP}"));
    let mut events = pin!(watcher(api, only).default_backoff());
    let mut listed = None;
    while let Some(event) = events.next().await {
        match event {
            Ok(Event::Init) => listed = None,
            Ok(Event::InitApply(map)) => listed = Some(read(map)),
            Ok(Event::InitDone) => drop(wish.send_replace(listed.take())),
            Ok(Event::Apply(map)) => drop(wish.send_replace(Some(read(map)))),
            Ok(Event::Delete(_)) => drop(wish.send_replace(None)),
            Err(error) => tracing::debug!(%error, "the ConfigMap of mutants cannot be watched"),
        }
    }
}

fn read(map: ConfigMap) -> Wish {
    let mut data = map.data.unwrap_or_default();
    let name = data.remove("name").unwrap_or_default();
    Wish { name: name.trim().to_owned(), status: data.remove("status") }
}

/// Hands the wished mutant on.
pub(super) async fn obey(mut wish: watch::Receiver<Option<Wish>>, wanted: watch::Sender<Option<Mutant>>) {
    loop {
        let mutant = wish.borrow_and_update().as_ref().and_then(Wish::mutant);
        wanted.send_if_modified(|wanted| std::mem::replace(wanted, mutant) != mutant);
        if wish.changed().await.is_err() {
            return;
        }
    }
}

/// Writes into the ConfigMap what is acted, once all proxies do.
pub(super) async fn report(
    api: Api<ConfigMap>,
    asker: Asker,
    mut wish: watch::Receiver<Option<Wish>>,
    mut acting: watch::Receiver<Option<Mutant>>,
    table: watch::Receiver<Arc<Table>>,
) {
    loop {
        let (known, acted) = (wish.borrow_and_update().clone(), *acting.borrow_and_update());
        let answer = known.as_ref().and_then(|wish| wish.answer(acted));
        if let Some(answer) = answer.filter(|answer| known.and_then(|wish| wish.status).as_ref() != Some(answer)) {
            let table = Arc::clone(&table.borrow());
            asker.until_acted(&table, acted).await;
            tracing::info!(answer, "the wished mutant is answered");
            let patch = Patch::Merge(json!({"data": {"status": answer}}));
            let parameters = PatchParams { field_manager: Some("agentgateway".to_owned()), ..PatchParams::default() };
            if let Err(error) = api.patch(MUTANT_CONFIG_MAP, &parameters, &patch).await {
                tracing::warn!(%error, mutant = name_of(acted), "the acted mutant could not be told");
                tokio::time::sleep(RETRY).await;
                continue;
            }
        }
        let goes_on = tokio::select! {
            changed = wish.changed() => changed,
            changed = acting.changed() => changed,
        };
        if goes_on.is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_is_answered_when_it_is_acted_or_can_never_be() {
        let wish = |name: &str| Wish { name: name.to_owned(), status: None };
        assert_eq!(wish("").answer(None).as_deref(), Some(""));
        assert_eq!(wish("").answer(Some(Mutant::TimeoutIgnored)), None);
        assert_eq!(wish("timeout-ignored").answer(None), None);
        assert_eq!(wish("timeout-ignored").answer(Some(Mutant::TimeoutIgnored)).as_deref(), Some("timeout-ignored"));
        assert_eq!(wish("nonsense").answer(None).as_deref(), Some("there is no mutant `nonsense`"));
    }
}
