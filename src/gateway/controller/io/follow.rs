//! For a proxy in a pod of its own: the table of its Gateway, computed from what it sees itself.

use super::{view::View, watch::Listing};
use crate::gateway::{
    controller::{
        line::{Family, Identity},
        reconcile::{Settings, reconcile},
        resource::{Kind, ObjectKey},
    },
    table::{ObjectName, Table},
};
use kube::Client;
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// Kinds that decide what a proxy serves.
const KINDS: [Kind; 12] = [
    Kind::GatewayClass,
    Kind::Gateway,
    Kind::HttpRoute,
    Kind::ReferenceGrant,
    Kind::Backend,
    Kind::Policy,
    Kind::Parameters,
    Kind::Model,
    Kind::Secret,
    Kind::Service,
    Kind::EndpointSlice,
    Kind::Namespace,
];

/// Publishes the table of a Gateway whenever it changes, the first time as soon as the Gateway and all kinds have been seen.
/// Writes nothing. Ends when it is cancelled.
pub async fn follow(
    client: Client,
    gateway: ObjectName,
    release: String,
    identity: Identity,
    table: watch::Sender<Arc<Table>>,
    cancel: CancellationToken,
) {
    let family = Family::of(&release);
    let settings = Settings { release, identity, ..Settings::default() };
    let key = ObjectKey { kind: Kind::Gateway, name: gateway };
    let mut view = View::of(&client, family, KINDS.to_vec(), Listing::Pages);
    let mut published = false;
    let work = async {
        while view.change().await {
            view.rest_of_burst().await;
            if !view.is_complete() || !(published || view.snapshot.live(&key).is_some()) {
                continue;
            }
            let desired = reconcile(&view.snapshot, &settings);
            view.fetch_keys(&desired);
            let fresh = desired.table.part_of(&key.name);
            table.send_if_modified(|table| {
                let differs = !published || **table != fresh;
                if differs {
                    let routes: usize = fresh.listeners.iter().map(|listener| listener.routes.len()).sum();
                    tracing::info!(listeners = fresh.listeners.len(), routes, "a new table");
                    *table = Arc::new(fresh);
                }
                differs
            });
            published = true;
        }
    };
    cancel.run_until_cancelled(work).await;
}
