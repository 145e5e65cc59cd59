//! Start, serve, and end all together.

use super::{ServeError, admin, endpoints};
use crate::{
    embedded::{Api, Identity},
    gateway::{self, GatewayOptions, LogTarget, Misbehaviour, Mutant, Telemetry},
    mock::{KeyRoot, MockOptions, Mocks, Ports, SERVICE_ISSUER},
    process::ProcessIdentity,
    provider::{ACCESS_LOG, Handshake},
};
use std::{
    collections::BTreeSet,
    io::{self, Write},
    net::{IpAddr, Ipv4Addr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// Loopback, where everything listens.
const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// Time for all parts to end.
const END: Duration = Duration::from_secs(3);

/// What is served.
#[derive(Debug, Clone)]
pub struct ServeOptions {
    /// The sandbox's state directory.
    pub state: PathBuf,
    /// The release that the reference gateway plays.
    pub release: String,
    /// Listener ports that must have the same number on this machine.
    pub exact_ports: BTreeSet<u16>,
    /// The arguments as they were given, for the handshake.
    pub arguments: Vec<String>,
}

/// Serves until the token is cancelled.
pub async fn serve(options: ServeOptions, cancel: CancellationToken) -> Result<(), ServeError> {
    let identity = Identity::generate().map_err(|error| ServeError::Identity { why: error.to_string() })?;
    let api = Api::new();
    let api_listener = listen().await?;
    let admin_listener = listen().await?;
    let api_url = url("https", &api_listener)?;
    let admin_url = url("http", &admin_listener)?;
    let stats_listener = listen().await?;
    let stats_url = url("http", &stats_listener)?;
    let mocks = Mocks::start(mock_options(&options.state)?, cancel.clone()).await?;
    let (mutant, wanted) = watch::channel::<Option<Mutant>>(None);
    let (acting, acts) = watch::channel(None);
    let token = identity.token().to_owned();
    let state = admin::State::new(api.clone(), &mocks, admin::Mutants { wanted: mutant, acting: acts }, token.clone());
    let router = admin::router(state, mocks.admin(None), cancel.clone());

    let mut tasks = JoinSet::new();
    let (telemetry, lines) = Telemetry::logging();
    let telemetry = Arc::new(telemetry);
    tasks.spawn(gateway::write_log(lines, LogTarget::File(options.state.join(ACCESS_LOG))));
    let stats = gateway::serve_stats(stats_listener, Arc::clone(&telemetry));
    let ended = cancel.clone();
    tasks.spawn(async move {
        ended.run_until_cancelled(stats).await;
    });
    let gateway = GatewayOptions::in_process(options.release.clone(), options.exact_ports.clone(), telemetry);
    tasks.spawn(gateway::run(api.client(), gateway, Misbehaviour { wanted, acting }, cancel.clone()));
    tasks.spawn(endpoints::publish(api.client(), mocks.endpoints().to_vec(), cancel.clone()));
    tasks.spawn(serve_admin(admin_listener, router, cancel.clone()));
    write_secret(&options.state.join("kubeconfig"), &identity.kubeconfig(&api_url, "agw-sandbox"))?;
    let serving = api.clone();
    let ended = cancel.clone();
    tasks.spawn(async move {
        // The identity was made above; a certificate that cannot be used shows as an API that does not answer.
        let _ = serving.serve_tls(api_listener, &identity, ended).await;
    });
    announce(&options, Urls { api: api_url, admin: admin_url, stats: stats_url })?;

    cancel.cancelled().await;
    mocks.stop().await;
    // Whatever does not end in time ends with the process.
    let _ = tokio::time::timeout(END, async { while tasks.join_next().await.is_some() {} }).await;
    Ok(())
}

/// All mocks, with keys that stay as long as the sandbox does.
fn mock_options(state: &Path) -> Result<MockOptions, ServeError> {
    let file = state.join("mocks.keys");
    let keys = KeyRoot::kept_in(&file).map_err(|source| ServeError::State { path: file, source })?;
    let issuer = Some(SERVICE_ISSUER.to_owned());
    Ok(MockOptions { keys, issuer, ..MockOptions::at(LOOPBACK, Ports::Preferred) })
}

async fn listen() -> Result<TcpListener, ServeError> {
    TcpListener::bind((LOOPBACK, 0)).await.map_err(ServeError::Listen)
}

fn url(scheme: &str, listener: &TcpListener) -> Result<String, ServeError> {
    Ok(format!("{scheme}://{}", listener.local_addr().map_err(ServeError::Listen)?))
}

async fn serve_admin(listener: TcpListener, router: axum::Router, cancel: CancellationToken) {
    // Without its admin port the process can still be ended by a signal.
    let _ = axum::serve(listener, router).with_graceful_shutdown(cancel.cancelled_owned()).await;
}

/// Where the process is asked.
struct Urls {
    api: String,
    admin: String,
    stats: String,
}

/// Tells whoever started us that everything is up.
fn announce(options: &ServeOptions, urls: Urls) -> Result<(), ServeError> {
    let failed = |source: io::Error| ServeError::State { path: Handshake::path(&options.state), source };
    let handshake = Handshake {
        process: ProcessIdentity::of(std::process::id()).ok_or_else(|| failed(io::ErrorKind::NotFound.into()))?,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        arguments: options.arguments.clone(),
        api: urls.api,
        admin: urls.admin,
        stats: urls.stats,
    };
    handshake.write(&options.state).map_err(failed)
}

/// Writes a file for the user's eyes only, at once as a whole: temporary files are made with mode 0600.
fn write_secret(path: &Path, text: &str) -> Result<(), ServeError> {
    let failed = |source| ServeError::State { path: path.to_owned(), source };
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
