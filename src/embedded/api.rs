//! The API as a value.

use super::identity::{Identity, IdentityError};
use super::router;
use super::serve;
use super::world::World;
use axum::Router;
use axum::body::Body;
use http::Request;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// A Kubernetes API in memory. Clones share their objects.
#[derive(Debug, Clone)]
pub struct Api {
    inner: Arc<Inner>,
}

#[derive(Debug)]
pub(super) struct Inner {
    world: Mutex<World>,
    stop: CancellationToken,
    /// Whether schemas of custom resources are not looked at.
    lenient: AtomicBool,
}

impl Inner {
    /// The world; a verb that failed half-way leaves it as the last finished write did.
    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether schemas of custom resources are not looked at.
    pub fn is_lenient(&self) -> bool {
        self.lenient.load(Ordering::Relaxed)
    }

    /// Ends all watches.
    pub fn stop(&self) -> CancellationToken {
        self.stop.clone()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Default for Api {
    fn default() -> Self {
        Self::new()
    }
}

impl Api {
    /// An API with the built-in kinds and the first namespaces.
    pub fn new() -> Self {
        Self {
            inner: Arc::new(Inner {
                world: Mutex::new(World::new()),
                stop: CancellationToken::new(),
                lenient: AtomicBool::new(false),
            }),
        }
    }

    /// From now on, or no longer, objects of custom resources are taken as they are: for tests that must notice it.
    pub fn set_lenient(&self, lenient: bool) {
        self.inner.lenient.store(lenient, Ordering::Relaxed);
    }

    /// All routes, without authentication: for callers in the same process.
    pub fn router(&self) -> Router {
        let inner = Arc::clone(&self.inner);
        Router::new().fallback(move |request: Request<Body>| router::answer(Arc::clone(&inner), request))
    }

    /// A client that needs no socket.
    pub fn client(&self) -> kube::Client {
        kube::Client::new(self.router(), "default")
    }

    /// Serves HTTP/1.1 and HTTP/2 over TLS until `stop`; all paths but health and version need the bearer token.
    ///
    /// # Errors
    /// Where the certificate of `identity` cannot be used.
    pub async fn serve_tls(
        &self,
        listener: TcpListener,
        identity: &Identity,
        stop: CancellationToken,
    ) -> Result<(), IdentityError> {
        let config = identity.server_config()?;
        let router = serve::with_token(self.router(), identity.token());
        serve::serve(listener, config, router, stop).await;
        Ok(())
    }

    /// How many objects there are.
    pub fn object_count(&self) -> usize {
        self.inner.lock().store.len()
    }
}
