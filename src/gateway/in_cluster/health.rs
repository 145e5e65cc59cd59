//! Small HTTP servers that say how a pod is.

use super::{
    InClusterError, SERVING_PATH,
    serving::{Serving, name_of},
};
use crate::gateway::{Mutant, proxy::Bound, table::Table};
use axum::{Json, Router, http::StatusCode, routing::get};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::TcpListener,
    sync::watch,
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

/// How long the answer to a probe waits for the pod to become ready: a kubelet that is told no asks again after a second, and
/// one that is told nothing for a second takes that for a no. Source: `Probe` of Kubernetes' core/v1, `timeoutSeconds`.
const PATIENCE: Duration = Duration::from_millis(800);

/// How often is looked whether a pod became ready.
const LOOK: Duration = Duration::from_millis(20);

/// Takes the port on all addresses.
pub(super) async fn listen(port: u16) -> Result<TcpListener, InClusterError> {
    let address = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), port);
    TcpListener::bind(address).await.map_err(|source| InClusterError::Listen { address, source })
}

/// Serves as long as it is polled.
pub(super) async fn serve(listener: TcpListener, router: Router) {
    // Without it the kubelet ends the pod, which is what should happen then.
    let _ = axum::serve(listener, router).await;
}

/// `/readyz` of the controller: whether everything has been seen and written once.
pub(super) fn of_controller(ready: watch::Receiver<bool>) -> Router {
    let readyz = get(move || {
        let mut ready = ready.clone();
        async move {
            match timeout(PATIENCE, ready.wait_for(|ready| *ready)).await {
                Ok(Ok(_)) => (StatusCode::OK, "OK"),
                _ => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
            }
        }
    });
    Router::new().route("/readyz", readyz)
}

/// What a proxy knows of itself.
#[derive(Clone)]
pub(super) struct ProxyState {
    /// The table before any was computed.
    pub(super) nothing: Arc<Table>,
    /// The table that is served.
    pub(super) served: watch::Receiver<Arc<Table>>,
    /// Where it listens.
    pub(super) bound: watch::Receiver<Bound>,
    /// The mutant that it acts.
    pub(super) mutant: watch::Receiver<Option<Mutant>>,
    /// Whether it is about to end.
    pub(super) leaving: CancellationToken,
}

impl ProxyState {
    /// Why the proxy is not ready, if it is not.
    fn problem(&self) -> Option<String> {
        if self.leaving.is_cancelled() {
            return Some("ending".to_owned());
        }
        if Arc::ptr_eq(&self.served.borrow(), &self.nothing) {
            return Some("no table yet".to_owned());
        }
        self.bound.borrow().values().find_map(|port| port.as_ref().err().cloned())
    }

    /// The problem that is left when a proxy that has just begun got the time to become ready.
    async fn problem_that_stays(&self) -> Option<String> {
        let no_more = async {
            while self.problem().is_some() && !self.leaving.is_cancelled() {
                sleep(LOOK).await;
            }
        };
        // What is left then is told.
        let _ = timeout(PATIENCE, no_more).await;
        self.problem()
    }
}

/// `/healthz/ready` of a proxy, and what it serves.
pub(super) fn of_proxy(state: ProxyState) -> Router {
    let teller = state.clone();
    let ready = get(move || async move {
        match state.problem_that_stays().await {
            None => (StatusCode::OK, "ready".to_owned()),
            Some(problem) => (StatusCode::SERVICE_UNAVAILABLE, problem),
        }
    });
    let serving = get(move || {
        let digest = teller.served.borrow().digest();
        let mutant = name_of(*teller.mutant.borrow()).to_owned();
        async move { Json(Serving { digest, mutant }) }
    });
    Router::new().route("/healthz/ready", ready).route(SERVING_PATH, serving)
}
