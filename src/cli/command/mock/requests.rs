//! `agw-sandbox mock requests`.

use super::way::admin_of;
use crate::{
    cli::{Exit, Failure},
    exchange::{Exchange, Lane, MockAdmin, MockAdminError, Outcome, Recorded, Sent, archive},
    report::{Format, SCHEMA, Table, print_data, print_talk},
    sandbox::SandboxName,
};
use serde_json::json;
use std::path::PathBuf;

/// Show what mocks received and answered: those that `agw-sandbox mock` runs, or else those of the sandbox.
#[derive(Debug, clap::Args)]
pub(super) struct Requests {
    /// Only this lane: the value of `x-agw-lane`, or what the host named.
    #[arg(long, value_name = "NAME")]
    lane: Option<String>,
    /// Only this mock.
    #[arg(long, value_name = "NAME")]
    mock: Option<String>,
    /// With headers and bodies.
    #[arg(long)]
    full: bool,
    /// Write them to this file as an HTTP Archive, which the network panel of a browser opens; `-`: to stdout.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["full", "output"])]
    har: Option<PathBuf>,
    /// The admin API of other mocks.
    #[arg(long, value_name = "URL", requires = "admin_token_file")]
    admin_url: Option<String>,
    /// A file that holds the token of that API.
    #[arg(long, value_name = "FILE", requires = "admin_url")]
    admin_token_file: Option<PathBuf>,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

/// Why requests cannot be shown.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
enum RequestsError {
    /// The mocks do not tell.
    #[error("{source}")]
    #[diagnostic(
        code("MOCK-04"),
        help(
            "Are they running? Start some with `agw-sandbox mock` or `agw-sandbox up`; `--mock` takes a name that they print."
        )
    )]
    Ask { source: MockAdminError },
    /// A file cannot be read or written.
    #[error("{} cannot be {what}: {source}", file.display())]
    #[diagnostic(code("MOCK-05"), help("Choose another file, or make room for this one."))]
    File { file: PathBuf, what: &'static str, source: std::io::Error },
}

impl Requests {
    /// Runs the command.
    pub(super) async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        let admin = self.admin(sandbox).await?;
        let lane = self.lane.as_deref().map(Lane::named);
        let recorded = admin.all(lane.as_ref(), self.mock.as_deref()).await;
        let recorded = recorded.map_err(|source| RequestsError::Ask { source })?;
        match (&self.har, self.output) {
            (Some(file), _) => write_archive(file, &recorded)?,
            (None, Format::Json) => write_lines(&recorded),
            (None, Format::Human) => self.tell(&recorded),
        }
        Ok(Exit::Ok)
    }

    async fn admin(&self, sandbox: SandboxName) -> Result<MockAdmin, Failure> {
        let ask = |source| RequestsError::Ask { source };
        if let (Some(url), Some(file)) = (&self.admin_url, &self.admin_token_file) {
            let token = tokio::fs::read_to_string(file).await;
            let token = token.map_err(|source| RequestsError::File { file: file.clone(), what: "read", source })?;
            return Ok(MockAdmin::new(url, Some(token.trim().to_owned())).map_err(ask)?);
        }
        admin_of(sandbox).await
    }

    fn tell(&self, recorded: &Recorded) {
        if self.full {
            print_data(&recorded.exchanges.iter().map(transcript).collect::<Vec<_>>().join("\n"));
        } else {
            print_data(&table(&recorded.exchanges).to_string());
        }
        if recorded.dropped > 0 {
            print_talk(&format!("{} older ones were forgotten to keep memory bounded", recorded.dropped));
        }
    }
}

fn table(exchanges: &[Exchange]) -> Table {
    let mut table = Table::headed(&["#", "TIME", "LANE", "MOCK", "REQUEST", "STATUS", "MS", "END"]);
    for exchange in exchanges {
        let status = exchange.sent.as_ref().map_or_else(|| "-".to_owned(), status);
        let took = exchange.ended_at.map(|end| (end.as_microsecond() - exchange.at.as_microsecond()) as f64 / 1_000.0);
        table.row([
            exchange.sequence.to_string(),
            exchange.at.strftime("%H:%M:%S%.3f").to_string(),
            exchange.lane.to_string(),
            exchange.mock.clone(),
            format!("{} {}", exchange.received.method, exchange.received.target),
            status,
            took.map_or_else(|| "-".to_owned(), |took| format!("{took:.1}")),
            ending(exchange.outcome).to_owned(),
        ]);
    }
    table
}

/// The status of HTTP, and that of gRPC where there is one.
fn status(sent: &Sent) -> String {
    match sent.grpc_status() {
        Some(grpc) => format!("{}, grpc {grpc}", sent.status),
        None => sent.status.to_string(),
    }
}

fn ending(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Open => "goes on",
        Outcome::Complete => "complete",
        Outcome::ClientLeft => "client left",
        Outcome::CutByUs => "cut by a fault",
    }
}

fn transcript(exchange: &Exchange) -> String {
    let lines = |headers: &[(String, String)]| -> String {
        headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
    };
    let received = &exchange.received;
    let head = format!("── {} · {} · lane {} · {} ──", exchange.sequence, exchange.mock, exchange.lane, exchange.at);
    let asked = format!("{} {}\n{}\n{}", received.method, received.target, lines(&received.headers), received.body);
    let answered = match &exchange.sent {
        Some(sent) => {
            let (head, trailers) = (lines(&sent.headers), lines(&sent.trailers));
            format!("{}\n{head}\n{}\n{trailers}", sent.status, sent.body.trim_end()).trim_end().to_owned()
        }
        None => "no answer".to_owned(),
    };
    format!("{head}\n{}\n\n{answered}\n({})\n", asked.trim_end(), ending(exchange.outcome))
}

fn write_lines(recorded: &Recorded) {
    for exchange in &recorded.exchanges {
        print_data(&json!({"schema": SCHEMA, "event": "mock.request", "exchange": exchange}).to_string());
    }
    let (count, dropped) = (recorded.exchanges.len(), recorded.dropped);
    let end = json!({"schema": SCHEMA, "event": "mock.requests.finished", "count": count, "dropped": dropped});
    print_data(&end.to_string());
}

fn write_archive(file: &PathBuf, recorded: &Recorded) -> Result<(), RequestsError> {
    let text = archive(&recorded.exchanges).to_string();
    if file.as_os_str() == "-" {
        print_data(&text);
        return Ok(());
    }
    std::fs::write(file, text).map_err(|source| RequestsError::File { file: file.clone(), what: "written", source })
}
