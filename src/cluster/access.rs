//! The way to one Kubernetes API, and the count of what was changed through it.

use super::ClusterError;
use http::{Method, Request};
use kube::{
    Client,
    client::{Body, ClientBuilder},
    config::{KubeConfigOptions, Kubeconfig},
};
use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tower::{Layer, Service};

/// Time for one call that is not a watch.
const CALL: Duration = Duration::from_secs(30);

/// One Kubernetes API.
#[derive(Clone)]
pub struct Cluster {
    client: Client,
    writes: Writes,
    patience: Duration,
    pub(super) owner: Option<String>,
}

/// How many mutating calls were sent, dry runs included.
#[derive(Debug, Clone, Default)]
pub struct Writes(Arc<AtomicU64>);

impl Writes {
    /// The count so far.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Cluster {
    /// Connects as a kubeconfig file says; its current context is used. No request is sent yet.
    pub async fn from_kubeconfig(path: &Path, writes: Writes) -> Result<Self, ClusterError> {
        Self::connect(path, writes, Some(CALL)).await
    }

    /// The same for streams, which may be silent for as long as they like.
    pub async fn for_streams(path: &Path) -> Result<Self, ClusterError> {
        Self::connect(path, Writes::default(), None).await
    }

    /// Connects as a kubeconfig says that is in no file yet; `path` is what people call it.
    pub async fn from_value(file: Kubeconfig, path: &Path) -> Result<Self, ClusterError> {
        Self::as_told(file, path, Writes::default(), Some(CALL)).await
    }

    async fn connect(path: &Path, writes: Writes, silence: Option<Duration>) -> Result<Self, ClusterError> {
        let unusable = |why: String| ClusterError::Kubeconfig { path: path.to_owned(), why };
        let file = Kubeconfig::read_from(path).map_err(|error| unusable(error.to_string()))?;
        Self::as_told(file, path, writes, silence).await
    }

    async fn as_told(
        file: Kubeconfig,
        path: &Path,
        writes: Writes,
        silence: Option<Duration>,
    ) -> Result<Self, ClusterError> {
        let unusable = |why: String| ClusterError::Kubeconfig { path: path.to_owned(), why };
        let mut config = kube::Config::from_custom_kubeconfig(file, &KubeConfigOptions::default())
            .await
            .map_err(|error| unusable(error.to_string()))?;
        config.read_timeout = silence;
        config.connect_timeout = Some(Duration::from_secs(5));
        let counted = CountWrites(writes.clone());
        let client =
            ClientBuilder::try_from(config).map_err(|error| unusable(error.to_string()))?.with_layer(&counted).build();
        Ok(Self { client, writes, patience: Duration::ZERO, owner: None })
    }

    /// With patience for an API that is away for a while: calls that may be repeated are, for that long. None otherwise.
    #[must_use]
    pub fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    /// The client, whose mutating calls are counted.
    pub fn client(&self) -> Client {
        self.client.clone()
    }

    /// The count of mutating calls.
    pub fn writes(&self) -> &Writes {
        &self.writes
    }

    /// Whether the API answers and is ready.
    pub async fn is_ready(&self) -> bool {
        let Ok(request) = Request::get("/readyz").body(Vec::new()) else { return false };
        self.client.request_text(request).await.is_ok()
    }
}

#[derive(Clone)]
struct CountWrites(Writes);

impl<S> Layer<S> for CountWrites {
    type Service = Counting<S>;

    fn layer(&self, inner: S) -> Counting<S> {
        Counting { inner, writes: self.0.clone() }
    }
}

#[derive(Clone)]
struct Counting<S> {
    inner: S,
    writes: Writes,
}

impl<S: Service<Request<Body>>> Service<Request<Body>> for Counting<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> S::Future {
        if !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
            self.writes.0.fetch_add(1, Ordering::Relaxed);
        }
        self.inner.call(request)
    }
}
