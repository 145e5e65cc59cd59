//! Calls to upstreams over pooled connections.

use super::{
    body::Body,
    names::Names,
    refusal::{CONNECTION_REFUSED, Refusal},
};
use http::{Request, Response, Uri, Version, uri};
use hyper_util::{
    client::legacy::{Client, Error, connect::Connected, connect::Connection},
    rt::{TokioExecutor, TokioIo, TokioTimer},
};
use rustls::pki_types::ServerName;
use rustls_platform_verifier::BuilderVerifierExt;
use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, OnceLock},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

/// How long a connection may take to be made.
const CONNECT_DEADLINE: Duration = Duration::from_secs(10);
/// How long an unused connection is kept.
const IDLE: Duration = Duration::from_secs(30);
/// Unused connections that are kept for one upstream.
const IDLE_PER_UPSTREAM: usize = 64;

/// Where a call goes.
#[derive(Debug, Clone)]
pub enum Destination {
    /// Plain text to an address.
    Plain(SocketAddr),
    /// TLS to a name and port.
    Tls(String, u16),
}

impl std::fmt::Display for Destination {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plain(address) => write!(formatter, "{address}"),
            Self::Tls(host, port) => write!(formatter, "{host}:{port}"),
        }
    }
}

/// Calls upstreams.
#[derive(Clone)]
pub struct Upstream {
    client: Client<Connector, Body>,
}

impl Upstream {
    /// Without any connection yet.
    pub fn new(names: Names) -> Self {
        let connector = Connector { names, tls: Arc::default() };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(IDLE_PER_UPSTREAM)
            .build(connector);
        Self { client }
    }

    /// Sends a request whose URI is path and query, and waits for the head of the answer.
    pub async fn call(&self, destination: &Destination, mut request: Request<Body>) -> Result<Response<Body>, Refusal> {
        *request.uri_mut() = absolute(destination, request.uri())?;
        *request.version_mut() = Version::HTTP_11;
        match self.client.request(request).await {
            Ok(response) => Ok(response.map(Body::Incoming)),
            Err(error) => Err(refusal(&error)),
        }
    }
}

fn absolute(destination: &Destination, target: &Uri) -> Result<Uri, Refusal> {
    let (scheme, authority) = match destination {
        Destination::Plain(address) => (uri::Scheme::HTTP, address.to_string()),
        Destination::Tls(host, 443) => (uri::Scheme::HTTPS, host.clone()),
        Destination::Tls(host, port) => (uri::Scheme::HTTPS, format!("{host}:{port}")),
    };
    let path = target.path_and_query().cloned().unwrap_or_else(|| uri::PathAndQuery::from_static("/"));
    Uri::builder().scheme(scheme).authority(authority).path_and_query(path).build().map_err(|_| Refusal::UnknownName)
}

fn refusal(error: &Error) -> Refusal {
    let mut cause = std::error::Error::source(error);
    while let Some(found) = cause {
        if let Some(found) = found.downcast_ref::<ConnectError>() {
            return found.refusal();
        }
        match found.source() {
            Some(next) if error.is_connect() => cause = Some(next),
            _ => return Refusal::UpstreamFailed(format!("SendRequest: {found}")),
        }
    }
    Refusal::UpstreamFailed(format!("SendRequest: {error}"))
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
enum ConnectError {
    #[error("the name is unknown")]
    UnknownName,
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Tls(String),
}

impl ConnectError {
    fn refusal(&self) -> Refusal {
        match self {
            Self::UnknownName => Refusal::UnknownName,
            Self::Io(error) if error.kind() == io::ErrorKind::ConnectionRefused => {
                Refusal::UpstreamFailed(CONNECTION_REFUSED.to_owned())
            }
            Self::Io(error) => Refusal::UpstreamFailed(format!("Connect: {error}")),
            Self::Tls(cause) => Refusal::UpstreamFailed(format!("Connect: {cause}")),
        }
    }
}

#[derive(Clone)]
struct Connector {
    names: Names,
    tls: Arc<OnceLock<Result<TlsConnector, String>>>,
}

impl tower_service::Service<Uri> for Connector {
    type Response = TokioIo<Stream>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, target: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move {
            let connected = tokio::time::timeout(CONNECT_DEADLINE, connector.connect(&target)).await;
            connected.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?.map(TokioIo::new)
        })
    }
}

impl Connector {
    async fn connect(&self, target: &Uri) -> Result<Stream, ConnectError> {
        let host = target.host().unwrap_or_default();
        let port = target.port_u16().unwrap_or(443);
        let address = match self.names.host(host, port).await {
            Ok(address) => address,
            Err(Refusal::UnknownName) => return Err(ConnectError::UnknownName),
            Err(_) => return Err(io::Error::from(io::ErrorKind::ConnectionRefused).into()),
        };
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        if target.scheme() != Some(&uri::Scheme::HTTPS) {
            return Ok(Stream::Plain(stream));
        }
        let tls = self.tls.get_or_init(tls_connector).as_ref().map_err(|cause| ConnectError::Tls(cause.clone()))?;
        let name = ServerName::try_from(host.trim_matches(['[', ']']).to_owned())
            .map_err(|error| ConnectError::Tls(error.to_string()))?;
        Ok(Stream::Tls(Box::new(tls.connect(name, stream).await?)))
    }
}

/// Trusts what the host trusts. Made on first use: a host without certificates can do without TLS.
fn tls_connector() -> Result<TlsConnector, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| error.to_string())?
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsConnector::from(Arc::new(config)))
}

/// A connection to an upstream.
enum Stream {
    Plain(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        match self {
            Self::Tls(stream) if stream.get_ref().1.alpn_protocol() == Some(b"h2") => Connected::new().negotiated_h2(),
            Self::Tls(_) | Self::Plain(_) => Connected::new(),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_read(context, buffer),
            Self::Tls(stream) => Pin::new(stream).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write(context, bytes),
            Self::Tls(stream) => Pin::new(stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_flush(context),
            Self::Tls(stream) => Pin::new(stream).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_shutdown(context),
            Self::Tls(stream) => Pin::new(stream).poll_shutdown(context),
        }
    }

    fn is_write_vectored(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(stream) => Pin::new(stream).poll_write_vectored(context, buffers),
            Self::Tls(stream) => Pin::new(stream).poll_write_vectored(context, buffers),
        }
    }
}
