//! `agw-sandbox mock`.

use super::interrupt::on_interrupt;
use crate::{
    cli::{Exit, Failure},
    mock::{ACCESS_KEY_ID, MockOptions, Mocks, Ports, SECRET_ACCESS_KEY},
    report::{Format, SCHEMA, Table, print_data, print_talk},
};
use axum::{Router, routing::get};
use serde_json::{Map, Value, json};
use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::PathBuf,
};
use tokio::net::TcpListener;
use tokio_util::task::AbortOnDropHandle;

/// Run the mocks alone, until they are stopped.
#[derive(Debug, clap::Args)]
pub struct Mock {
    /// The address that they listen on.
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    address: IpAddr,
    /// Take any free ports instead of the usual ones.
    #[arg(long)]
    any_ports: bool,
    /// Serve the admin API at this port too: what the mocks received, and how they behave.
    #[arg(long, value_name = "PORT", requires = "admin_token_file")]
    admin_port: Option<u16>,
    /// A file that holds the token of the admin API.
    #[arg(long, value_name = "FILE", requires = "admin_port")]
    admin_token_file: Option<PathBuf>,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

impl Mock {
    /// Runs the command.
    pub async fn run(self) -> Result<Exit, Failure> {
        let cancel = on_interrupt();
        let admin = self.admin().await?;
        let ports = if self.any_ports { Ports::Any } else { Ports::Preferred };
        let mocks = Mocks::start(MockOptions { address: self.address, ports }, cancel.clone()).await?;
        let _admin =
            admin.map(|(listener, token)| AbortOnDropHandle::new(tokio::spawn(serve(listener, &mocks, token))));
        match self.output {
            Format::Human => tell(&mocks),
            Format::Json => print_data(&ready_line(&mocks)),
        }
        cancel.cancelled().await;
        mocks.stop().await;
        Ok(Exit::Ok)
    }

    /// Listener and token of the admin API, if it is wished.
    async fn admin(&self) -> Result<Option<(TcpListener, String)>, MockCommandError> {
        let (Some(port), Some(file)) = (self.admin_port, &self.admin_token_file) else { return Ok(None) };
        let unreadable = |why: String| MockCommandError::Token { file: file.clone(), why };
        let token = tokio::fs::read_to_string(file).await.map_err(|error| unreadable(error.to_string()))?;
        let token = token.trim().to_owned();
        if token.is_empty() {
            return Err(unreadable("it is empty".to_owned()));
        }
        let address = SocketAddr::new(self.address, port);
        let listener = TcpListener::bind(address).await;
        let listener = listener.map_err(|source| MockCommandError::Listen { address, source })?;
        Ok(Some((listener, token)))
    }
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

/// Serves the admin API, and `/healthz` for everybody, as long as it is polled.
fn serve(listener: TcpListener, mocks: &Mocks, token: String) -> impl Future<Output = ()> + use<> {
    let router = Router::new().route("/healthz", get(|| async { "ok" })).merge(mocks.admin(Some(token)));
    async move {
        // Without it the mocks go on; who needs it sees that it is away.
        let _ = axum::serve(listener, router).await;
    }
}

fn tell(mocks: &Mocks) {
    let mut table = Table::headed(&["MOCK", "BASE URL", "WHAT IT PLAYS"]);
    for endpoint in mocks.endpoints() {
        table.row([endpoint.name, endpoint.base_url.as_str(), endpoint.about]);
    }
    print_data(&table.to_string());
    print_talk("any key that begins with sk- is good; Ctrl-C ends the mocks");
}

fn ready_line(mocks: &Mocks) -> String {
    let urls: Map<_, _> =
        mocks.endpoints().iter().map(|endpoint| (endpoint.name.to_owned(), json!(endpoint.base_url))).collect();
    json!({"schema": SCHEMA, "event": "mock.ready", "urls": urls, "credentials": credentials()}).to_string()
}

/// What each LLM mock accepts. They protect nothing: they are the same everywhere.
fn credentials() -> Value {
    json!({
        "openai": "sk-sandbox",
        "anthropic": "sk-sandbox",
        "gemini": "sk-sandbox",
        "vertex": "sk-sandbox",
        "azure": "sk-sandbox",
        "bedrock": {"id": ACCESS_KEY_ID, "secret": SECRET_ACCESS_KEY},
    })
}
