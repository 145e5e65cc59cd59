//! `agw-sandbox mock traces`.

use super::super::interrupt::on_interrupt;
use super::way::admin_of;
use crate::{
    cli::{Exit, Failure},
    exchange::{Lane, MockAdmin, MockAdminError, Span, Telemetry},
    report::{Format, SCHEMA, Trace, print_data, print_talk, traces},
    sandbox::SandboxName,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

/// How long one call waits for new spans.
const WAIT: Duration = Duration::from_secs(20);
/// How long no span has to come until a trace is shown: exporters send the parts of one trace in several batches.
const QUIET: Duration = Duration::from_millis(600);

/// Show the traces that the OpenTelemetry sink received, each as a tree: of the mocks that `agw-sandbox mock` runs, or else of
/// those of the sandbox.
#[derive(Debug, clap::Args)]
pub(super) struct Traces {
    /// Only traces of this lane: the value of `x-agw-lane`, or what the host named.
    #[arg(long, value_name = "NAME")]
    lane: Option<String>,
    /// Only this trace, by its 32 hexadecimal digits.
    #[arg(long, value_name = "ID")]
    trace: Option<String>,
    /// With attributes, events and links.
    #[arg(long)]
    full: bool,
    /// Go on with every trace that arrives, until interrupted.
    #[arg(long)]
    follow: bool,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

/// Why traces cannot be shown.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("{source}")]
#[diagnostic(
    code("MOCK-60"),
    help(
        "The sink is one of the services: start them with `agw-sandbox mock`, `agw-sandbox mock services` or `agw-sandbox up`."
    )
)]
struct TracesError {
    #[from]
    source: MockAdminError,
}

impl Traces {
    /// Runs the command.
    pub(super) async fn run(self, sandbox: SandboxName) -> Result<Exit, Failure> {
        let admin = admin_of(sandbox).await?;
        let found = self.spans(&admin, 0, Duration::ZERO).await?;
        let last = last_of(&found);
        self.show(&found.items);
        if self.follow {
            let cancel = on_interrupt();
            // Being interrupted is how this ends well.
            return cancel.run_until_cancelled(self.follow(&admin, last)).await.unwrap_or(Ok(Exit::Ok));
        }
        match self.output {
            Format::Json => {
                let count = traces(&found.items).len();
                let end = json!({ "schema": SCHEMA, "event": "mock.traces.finished", "count": count, "droppedSpans": found.dropped });
                print_data(&end.to_string());
            }
            Format::Human if found.items.is_empty() => print_talk("no traces have arrived"),
            Format::Human if found.dropped > 0 => {
                print_talk(&format!("{} older spans were forgotten to keep memory bounded", found.dropped));
            }
            Format::Human => {}
        }
        Ok(Exit::Ok)
    }

    async fn follow(&self, admin: &MockAdmin, mut last: u64) -> Result<Exit, Failure> {
        loop {
            let mut changed = BTreeSet::new();
            let mut wait = WAIT;
            loop {
                let news = self.spans(admin, last, wait).await?;
                if news.items.is_empty() {
                    break;
                }
                last = last.max(last_of(&news));
                changed.extend(news.items.into_iter().map(|span| span.trace_id));
                wait = QUIET;
            }
            if changed.is_empty() {
                continue;
            }
            let all = self.spans(admin, 0, Duration::ZERO).await?.items;
            let changed: Vec<Span> = all.into_iter().filter(|span| changed.contains(&span.trace_id)).collect();
            self.show(&changed);
        }
    }

    async fn spans(&self, admin: &MockAdmin, after: u64, wait: Duration) -> Result<Telemetry<Span>, TracesError> {
        let lane = self.lane.as_deref().map(Lane::named);
        Ok(admin.spans(lane.as_ref(), self.trace.as_deref(), after, wait).await?)
    }

    fn show(&self, spans: &[Span]) {
        for trace in traces(spans) {
            match self.output {
                Format::Human => print_data(&format!("{}\n", trace.text(self.full))),
                Format::Json => print_data(&written(&trace).to_string()),
            }
        }
    }
}

fn last_of(found: &Telemetry<Span>) -> u64 {
    found.items.iter().map(|span| span.origin.sequence).max().unwrap_or(0)
}

/// A trace as one line: its spans in the order of the tree, each with the number of spans above it.
fn written(trace: &Trace<'_>) -> Value {
    let spans = trace.rows.iter().map(|row| {
        let mut span = json!(row.span);
        span["depth"] = row.depth.into();
        span
    });
    json!({
        "schema": SCHEMA,
        "event": "mock.trace",
        "traceId": trace.id,
        "milliseconds": trace.milliseconds(),
        "spans": spans.collect::<Vec<_>>(),
    })
}
