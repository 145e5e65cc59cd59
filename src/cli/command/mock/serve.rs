//! Running mocks.

use super::super::interrupt::on_interrupt;
use super::super::trust_files::TrustFiles;
use super::ready::{tell, write_ready};
use super::running::Running;
use crate::{
    cli::{Exit, Failure},
    mock::{KeyRoot, MockOptions, Mocks, Ports, Protocol},
    report::{Format, print_talk},
    sandbox::Home,
};
use axum::{Router, routing::get};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

/// The file of the secret from which the keys of mocks come that run alone: they stay when the mocks are started again.
const KEYS: &str = "mocks.keys";

/// How mocks are run.
#[derive(Debug, clap::Args)]
pub(super) struct Serve {
    /// The address that they listen on.
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Take any free ports instead of the usual ones.
    #[arg(long)]
    any_ports: bool,
    /// Answer what the vendor would refuse: without credentials, and without the fields that it does not understand.
    #[arg(long)]
    lenient: bool,
    /// What tokens name as their issuer. Left out: the address at which the identity provider is asked for them.
    #[arg(long, value_name = "URL")]
    issuer: Option<String>,
    /// Serve the admin API at this port: what the mocks received, and how they behave. Left out: at any free port of
    /// this machine, for `agw-sandbox mock requests` alone.
    #[arg(long, value_name = "PORT", requires = "admin_token_file")]
    admin_port: Option<u16>,
    /// A file that holds the token of the admin API.
    #[arg(long, value_name = "FILE", requires = "admin_port")]
    admin_token_file: Option<PathBuf>,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

/// The admin API before it is served.
struct Admin {
    listener: TcpListener,
    token: String,
    /// Where the mocks' keys come from.
    keys: KeyRoot,
    /// Where the files of mocks that run alone are.
    home: Option<Home>,
    /// The note by which `mock requests` finds it; removed when it is dropped.
    _running: Option<Running>,
}

impl Serve {
    /// Runs them until they are stopped.
    pub(super) async fn run(self, only: Option<Protocol>) -> Result<Exit, Failure> {
        let cancel = on_interrupt();
        let admin = self.admin().await?;
        let ports = if self.any_ports { Ports::Any } else { Ports::Preferred };
        let (lenient, issuer, keys) = (self.lenient, self.issuer, admin.keys.clone());
        let options = MockOptions { only, lenient, issuer, keys, ..MockOptions::at(self.address, ports) };
        let mocks = Mocks::start(options, cancel.clone()).await?;
        let _admin = AbortOnDropHandle::new(tokio::spawn(serve(admin.listener, &mocks, admin.token)));
        let files = trust_files(admin.home.as_ref(), &mocks);
        match self.output {
            Format::Human => tell(&mocks, files.as_ref()),
            Format::Json => write_ready(&mocks, files.as_ref()),
        }
        cancel.cancelled().await;
        mocks.stop().await;
        Ok(Exit::Ok)
    }

    /// The admin API as it is wished, or one that only this machine's user finds.
    async fn admin(&self) -> Result<Admin, MockCommandError> {
        let (Some(port), Some(file)) = (self.admin_port, &self.admin_token_file) else {
            let listener = listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
            let home = Home::find().ok();
            let running = home.as_ref().zip(listener.local_addr().ok());
            let running = running.and_then(|(home, address)| Running::note(home, address).ok());
            if running.is_none() {
                print_talk("no note of these mocks can be left, so `agw-sandbox mock requests` will not find them");
            }
            let token = running.as_ref().map_or_else(Running::new_token, |running| running.token.clone());
            let kept = home.as_ref().and_then(|home| KeyRoot::kept_in(&home.path().join(KEYS)).ok());
            let keys = kept.unwrap_or_else(KeyRoot::random);
            return Ok(Admin { listener, token, keys, home, _running: running });
        };
        let unreadable = |why: String| MockCommandError::Token { file: file.clone(), why };
        let token = tokio::fs::read_to_string(file).await.map_err(|error| unreadable(error.to_string()))?;
        let token = token.trim().to_owned();
        if token.is_empty() {
            return Err(unreadable("it is empty".to_owned()));
        }
        let listener = listen(SocketAddr::new(self.address, port)).await?;
        let keys = KeyRoot::of(&token);
        Ok(Admin { listener, token, keys, home: None, _running: None })
    }
}

/// The trust material in files, where a mock needs it and a folder takes it.
fn trust_files(home: Option<&Home>, mocks: &Mocks) -> Option<TrustFiles> {
    let needs = mocks.endpoints().iter().any(|endpoint| endpoint.base_url.starts_with("https:"));
    let home = home.filter(|_| needs)?;
    let files = TrustFiles::write(home.path(), "mocks.", &mocks.trust().material().ok()?);
    if files.is_err() {
        print_talk("the CA cannot be written, so clients of the mocks cannot trust it: agw-sandbox trust");
    }
    files.ok()
}

/// Why the admin API of the mocks cannot be served.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
enum MockCommandError {
    /// No token can be read.
    #[error("the token of the admin API cannot be read from {}: {why}", file.display())]
    #[diagnostic(code("MOCK-02"), help("Put some text into the file that nobody can guess."))]
    Token { file: PathBuf, why: String },
    /// A port could not be had.
    #[error("the admin API cannot listen on {address}: {source}")]
    #[diagnostic(code("MOCK-03"), help("Choose another port with --admin-port."))]
    Listen { address: SocketAddr, source: io::Error },
}

async fn listen(address: SocketAddr) -> Result<TcpListener, MockCommandError> {
    TcpListener::bind(address).await.map_err(|source| MockCommandError::Listen { address, source })
}

/// Serves the admin API, and `/healthz` for everybody, as long as it is polled.
fn serve(listener: TcpListener, mocks: &Mocks, token: String) -> impl Future<Output = ()> + use<> {
    let router = Router::new().route("/healthz", get(|| async { "ok" })).merge(mocks.admin(Some(token)));
    async move {
        // Without it the mocks go on; who needs it sees that it is away.
        let _ = axum::serve(listener, router).await;
    }
}
