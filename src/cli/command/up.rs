//! `agw-sandbox up`.

use super::{consent::consent, interrupt::on_interrupt, wish::Wish};
use crate::{
    canonical::Wiring,
    cli::{Exit, Failure},
    cluster::Writes,
    event::{CriticalPath, Events, Fact, StepTime, UpFinished},
    execute::critical_path,
    report::{Format, Reporter, Summary, error_fact, print_data, print_summary, scenario_table},
    sandbox::{Home, Sandbox, SandboxError, SandboxName, UpOptions, UpReport, up},
};
use std::time::Duration;

/// Bring a sandbox up and prove that its gateway works.
#[derive(Debug, clap::Args)]
pub struct Up {
    #[command(flatten)]
    wish: Wish,
    /// Agree to the use of a cluster of yours, as a person would who is asked.
    #[arg(long, short)]
    yes: bool,
    /// Longest time for the whole run.
    #[arg(long, value_name = "TIME", default_value = "5m", value_parser = humantime::parse_duration)]
    timeout: Duration,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
}

impl Up {
    /// Runs the command.
    pub async fn run(self, name: SandboxName) -> Result<Exit, Failure> {
        let home = Home::find()?;
        let sandbox = home.sandbox(name);
        let cancel = on_interrupt();
        let (events, subscription) = Events::new();
        let (reporter, kept) = Reporter::keeping_scenarios(self.output, subscription);
        let options = UpOptions {
            profile: self.wish.profile.clone(),
            flags: self.wish.flags(),
            consent: consent(self.yes, self.output),
            timeout: self.timeout,
            writes: Writes::default(),
        };
        let result = up(&home, &sandbox, &options, &events, &cancel).await;
        let ended = ending(result);
        events.emit(Fact::UpFinished(Box::new(finished(&ended, options.writes.count(), &events))));
        let seconds = events.elapsed().as_secs_f64();
        drop(events);
        reporter.finish().await;
        let report = ended?;
        if self.output == Format::Human {
            if let Some((tally, took)) = &report.smoke {
                print_data(&scenario_table(&kept.take(), tally, took.as_secs_f64()));
            }
            print_summary(&summary(&report, &sandbox, seconds));
        }
        Ok(exit_of(&report))
    }
}

fn ending(result: Result<UpReport, SandboxError>) -> Result<UpReport, Failure> {
    result.map_err(Failure::from)
}

fn exit_of(report: &UpReport) -> Exit {
    match &report.smoke {
        Some((tally, _)) if !tally.is_green() => Exit::ScenariosFailed,
        _ => Exit::Ok,
    }
}

fn finished(ended: &Result<UpReport, Failure>, writes: u64, events: &Events) -> UpFinished {
    let seconds = events.elapsed().as_secs_f64();
    match ended {
        Err(failure) => UpFinished {
            ok: false,
            writes,
            seconds,
            error: Some(error_fact(failure.error.as_ref())),
            exit: Some(failure.exit.code()),
            ..UpFinished::default()
        },
        Ok(report) => {
            let exit = exit_of(report);
            let mcp_path = mcp_path(report);
            UpFinished {
                ok: exit == Exit::Ok,
                provider: Some(report.prepared.resolved.provider.to_string()),
                writes,
                seconds,
                critical_path: Some(where_the_time_went(report)),
                url: report.outcome.url.clone(),
                mcp_url: report.outcome.url.as_ref().zip(mcp_path).map(|(url, path)| format!("{url}{path}")),
                error: None,
                exit: (exit != Exit::Ok).then(|| exit.code()),
            }
        }
    }
}

fn mcp_path(report: &UpReport) -> Option<String> {
    report.prepared.resolved.wiring.first_path(|backend| backend.mcp.is_some())
}

fn summary(report: &UpReport, sandbox: &Sandbox, seconds: f64) -> Summary {
    let url = report.outcome.url.clone().unwrap_or_default();
    let wiring = &report.prepared.resolved.wiring;
    let chat_path = chat_path(wiring);
    Summary {
        changed: report.outcome.changed(),
        seconds,
        critical_path: where_the_time_went(report),
        mcp_url: mcp_path(report).map(|path| format!("{url}{path}")),
        url,
        chat_path,
        model: "gpt-4o-mini".to_owned(),
        sandbox_option: sandbox.option(),
    }
}

/// Where a chat completion is asked for: on `/v1`, as SDKs do, where that leads to an LLM, else where a mock answers.
fn chat_path(wiring: &Wiring) -> Option<String> {
    let plain = wiring.has_path("/v1", |backend| backend.llm.is_some()).then(|| "/v1".to_owned());
    let path = plain.or_else(|| wiring.first_path(|backend| backend.llm.is_some() && backend.mock.is_some()))?;
    Some(match path.ends_with("/v1") {
        true => format!("{path}/chat/completions"),
        false => format!("{path}/v1/chat/completions"),
    })
}

/// The critical path of the whole run: what was decided, the chain of steps, the scenarios.
fn where_the_time_went(report: &UpReport) -> CriticalPath {
    let chain = critical_path(&report.prepared.plan, &report.outcome.steps);
    let chain = chain.into_iter().map(|(step, took)| (step.to_string(), took));
    let smoke = report.smoke.map(|(_, took)| ("scenarios".to_owned(), took));
    let all = std::iter::once(("preparation".to_owned(), report.preparation)).chain(chain).chain(smoke);
    let steps: Vec<StepTime> = all.map(|(step, took)| StepTime { step, seconds: took.as_secs_f64() }).collect();
    CriticalPath { seconds: steps.iter().map(|step| step.seconds).sum(), steps }
}
