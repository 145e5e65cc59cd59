//! The Lease of the controller. There is one controller only, so it is taken and not fought for.

use crate::gateway::controller::Identity;
use k8s_openapi::api::coordination::v1::Lease;
use kube::{
    Api, Client,
    api::{Patch, PatchParams},
};
use serde_json::json;
use std::time::Duration;

/// How long it holds, in seconds.
const HOLDS: u64 = 15;

/// How often it is renewed.
const RENEWED_EVERY: Duration = Duration::from_secs(5);

/// Holds the Lease as long as it is polled.
pub(super) async fn hold(client: Client, identity: Identity, holder: String) {
    let leases: Api<Lease> = Api::namespaced(client, &identity.namespace);
    let name = identity.lease();
    let taken = now();
    loop {
        let lease = json!({
            "apiVersion": "coordination.k8s.io/v1",
            "kind": "Lease",
            "metadata": {"name": name},
            "spec": {
                "holderIdentity": holder, "leaseDurationSeconds": HOLDS, "acquireTime": taken, "renewTime": now(),
            },
        });
        let parameters = PatchParams::apply("agentgateway").force();
        if let Err(error) = leases.patch(&name, &parameters, &Patch::Apply(&lease)).await {
            tracing::warn!(%error, "the Lease could not be renewed");
        }
        tokio::time::sleep(RENEWED_EVERY).await;
    }
}

/// The time as Leases have it: to the microsecond.
fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}
