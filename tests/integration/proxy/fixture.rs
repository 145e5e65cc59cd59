//! A running proxy, a client, and upstreams that record what they get.

use agw_sandbox::gateway::{Bound, Mutant, ProxyOptions, run_proxy, table::Table};
use axum::{body::Body, extract::Request, response::Response};
use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// The listener port of all tables here; the host port is any free one.
pub const PORT: u16 = 8080;
pub const LOOPBACK: std::net::IpAddr = std::net::IpAddr::V4(Ipv4Addr::LOCALHOST);

/// What an upstream got.
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    pub target: String,
    pub headers: http::HeaderMap,
    pub body: String,
}

impl Received {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// An upstream on loopback.
pub struct Stub {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    server: JoinHandle<()>,
}

impl Stub {
    /// Answers by a function of what it got.
    pub async fn answering<F>(answer: impl Fn(Received) -> F + Clone + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Response> + Send + 'static,
    {
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let log = Arc::clone(&received);
        let app = axum::Router::new().fallback(move |request: Request| {
            let (log, answer) = (Arc::clone(&log), answer.clone());
            async move {
                let (head, body) = request.into_parts();
                let body = axum::body::to_bytes(body, 16 * 1024 * 1024).await.unwrap();
                let got = Received {
                    method: head.method.to_string(),
                    target: head.uri.path_and_query().unwrap().to_string(),
                    headers: head.headers,
                    body: String::from_utf8(body.to_vec()).unwrap(),
                };
                log.lock().unwrap().push(got.clone());
                answer(got).await
            }
        });
        let listener = TcpListener::bind((LOOPBACK, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, received, server }
    }

    /// Always answers the same.
    pub async fn saying(kind: &'static str, body: &'static str) -> Self {
        Self::answering(move |_| async move { answer(200, kind, body) }).await
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub fn last(&self) -> Received {
        self.received().pop().expect("the upstream got a request")
    }

    pub fn count(&self) -> usize {
        self.received.lock().unwrap().len()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.server.abort();
    }
}

pub fn answer(status: u16, kind: &str, body: impl Into<Body>) -> Response {
    Response::builder().status(status).header("content-type", kind).body(body.into()).unwrap()
}

/// A port where nobody listens.
pub async fn dead_port() -> u16 {
    TcpListener::bind((LOOPBACK, 0)).await.unwrap().local_addr().unwrap().port()
}

/// What a client got.
#[derive(Debug, Clone)]
pub struct Got {
    pub status: u16,
    pub headers: http::HeaderMap,
    pub body: String,
}

impl Got {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Status and body, as the tables write them.
    pub fn line(&self) -> String {
        format!("{} {}", self.status, self.body).trim_end().to_owned()
    }
}

/// A running proxy.
pub struct Gateway {
    pub address: SocketAddr,
    pub table: watch::Sender<Arc<Table>>,
    pub bound: watch::Receiver<Bound>,
    pub mutant: watch::Sender<Option<Mutant>>,
    pub client: reqwest::Client,
    cancel: CancellationToken,
    task: Option<JoinHandle<()>>,
}

impl Gateway {
    pub async fn serving(table: Table) -> Self {
        let options = ProxyOptions {
            address: LOOPBACK,
            exact_ports: Default::default(),
            preferred: BTreeMap::from([(PORT, 0)]),
            aliases: BTreeMap::from([("host.internal".to_owned(), LOOPBACK)]),
            release: "v1.4.1".to_owned(),
            drain: Duration::from_millis(400),
            session_key: None,
            telemetry: Default::default(),
        };
        Self::with(options, table).await
    }

    pub async fn with(options: ProxyOptions, table: Table) -> Self {
        let (table, tables) = watch::channel(Arc::new(table));
        let (bind, mut bound) = watch::channel(Bound::default());
        let (mutant, mutants) = watch::channel(None);
        let cancel = CancellationToken::new();
        let (serving, _) = watch::channel(Arc::default());
        let task = tokio::spawn(run_proxy(options, tables, serving, bind, mutants, cancel.clone()));
        let address = bound.wait_for(|ports| ports.contains_key(&PORT)).await.unwrap()[&PORT].clone().unwrap();
        Self { address, table, bound, mutant, client: client(), cancel, task: Some(task) }
    }

    /// A request in a builder, to a host of a listener or route.
    pub fn request(&self, method: &str, host: &str, path: &str) -> reqwest::RequestBuilder {
        let url = format!("http://{}{path}", self.address);
        self.client.request(method.parse().unwrap(), url).header("host", host)
    }

    pub async fn get(&self, host: &str, path: &str) -> Got {
        got(self.request("GET", host, path)).await
    }

    pub async fn post(&self, host: &str, path: &str, body: impl Into<String>) -> Got {
        got(self.request("POST", host, path).header("content-type", "application/json").body(body.into())).await
    }

    /// Ends it and says how long that took.
    pub async fn stop(&mut self) -> Duration {
        let begun = std::time::Instant::now();
        self.cancel.cancel();
        self.task.take().unwrap().await.unwrap();
        begun.elapsed()
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.cancel.cancel();
    }
}

pub async fn got(request: reqwest::RequestBuilder) -> Got {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Got { status, headers, body: response.text().await.unwrap() }
}

pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder().tls_certs_only([]).no_proxy();
    builder.redirect(reqwest::redirect::Policy::none()).timeout(Duration::from_secs(10)).build().unwrap()
}
