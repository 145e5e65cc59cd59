//! `agw-sandbox test`.

use super::{
    external::ExternalArguments,
    interrupt::on_interrupt,
    reports::{Ended, Reports},
};
use crate::{
    cli::{Exit, Failure},
    event::{Events, Fact, ScenarioReport, Tally, Verdict},
    report::{Format, Reporter, error_fact, print_data, scenario_table},
    sandbox::{Home, Record, Sandbox, SandboxName, TestOptions, test},
    scenario::Shard,
};

/// Run scenarios against the gateway of a sandbox.
#[derive(Debug, clap::Args)]
pub struct Test {
    /// Ids, patterns or tags; none: all.
    #[arg(value_name = "PATTERN")]
    patterns: Vec<String>,
    /// Seed of the order.
    #[arg(long)]
    seed: Option<u64>,
    /// How many scenarios run at a time.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=64))]
    parallel: u16,
    /// Run all of them so often, each time in another order.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: Option<u32>,
    /// Run all of them again and again, until a round is not green (or --repeat is reached).
    #[arg(long)]
    until_fail: bool,
    /// Run one part of several that take about as long as each other.
    #[arg(long, value_name = "PART/PARTS")]
    shard: Option<Shard>,
    /// Ask the reference gateway to misbehave in one named way meanwhile: the scenarios must notice.
    #[arg(long, value_name = "NAME")]
    mutant: Option<String>,
    /// Form of the output.
    #[arg(long, short, value_enum, default_value_t)]
    output: Format,
    #[command(flatten)]
    external: ExternalArguments,
    #[command(flatten)]
    reports: Reports,
}

impl Test {
    /// Runs the command.
    pub async fn run(self, name: SandboxName) -> Result<Exit, Failure> {
        let sandbox = Home::find()?.sandbox(name);
        let cancel = on_interrupt();
        let (events, subscription) = Events::new();
        let (reporter, kept) = Reporter::keeping_scenarios(self.output, subscription);
        let result = test(&sandbox, &self.options()?, &events, &cancel).await;
        let interrupted = cancel.is_cancelled();
        let result = result.map_err(Failure::from);
        events.emit(finished(&result, interrupted));
        drop(events);
        reporter.finish().await;
        let scenarios = worst_of_each(kept.take());
        let ended = Ended {
            made: self.made(&sandbox),
            scenarios: &scenarios,
            failure: result.as_ref().err().map(|failure| error_fact(failure.error.as_ref()).message),
            seconds: result.as_ref().map(|(_, took)| took.as_secs_f64()).unwrap_or_default(),
        };
        self.reports.write(&ended)?;
        let (tally, took) = result?;
        if self.output == Format::Human {
            print_data(&scenario_table(&scenarios, &tally, took.as_secs_f64()));
        }
        Ok(exit_of(&tally, interrupted))
    }

    fn options(&self) -> Result<TestOptions, Failure> {
        Ok(TestOptions {
            patterns: self.patterns.clone(),
            seed: self.seed,
            parallel: self.parallel.into(),
            mutant: self.mutant.clone(),
            rounds: self.repeat.unwrap_or(if self.until_fail { u32::MAX } else { 1 }),
            until_fail: self.until_fail,
            shard: self.shard,
            keeps_evidence: self.reports.wants_evidence(),
            external: self.external.external(),
        })
    }

    /// What was tested, in words.
    fn made(&self, sandbox: &Sandbox) -> String {
        match (&self.external.gateway, Record::read(sandbox)) {
            (Some(url), _) => format!("gateway {url}"),
            (None, Some(record)) => format!("sandbox {}, {}, {}", sandbox.name, record.provider, record.gateway()),
            (None, None) => format!("sandbox {}", sandbox.name),
        }
    }
}

/// Of several rounds, the worst end of each scenario.
fn worst_of_each(scenarios: Vec<ScenarioReport>) -> Vec<ScenarioReport> {
    let badness = |report: &ScenarioReport| match report.verdict {
        Verdict::Pass => 0,
        Verdict::ExpectedDefect => 1,
        Verdict::Skip => 2,
        Verdict::Flaky => 3,
        Verdict::Stale => 4,
        Verdict::Fail => 5,
    };
    let mut worst: Vec<ScenarioReport> = Vec::new();
    for report in scenarios {
        match worst.iter_mut().find(|known| known.id == report.id) {
            None => worst.push(report),
            Some(known) if badness(&report) > badness(known) => *known = report,
            Some(_) => {}
        }
    }
    worst
}

fn exit_of(tally: &Tally, interrupted: bool) -> Exit {
    match (interrupted, tally.is_green()) {
        (true, _) => Exit::Interrupted,
        (false, true) => Exit::Ok,
        (false, false) => Exit::ScenariosFailed,
    }
}

fn finished(result: &Result<(Tally, std::time::Duration), Failure>, interrupted: bool) -> Fact {
    match result {
        Ok((tally, _)) => {
            let exit = exit_of(tally, interrupted);
            Fact::TestFinished { tally: *tally, error: None, exit: (exit != Exit::Ok).then(|| exit.code()) }
        }
        Err(failure) => Fact::TestFinished {
            tally: Tally::default(),
            error: Some(error_fact(failure.error.as_ref())),
            exit: Some(failure.exit.code()),
        },
    }
}
