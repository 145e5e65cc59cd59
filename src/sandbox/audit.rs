//! `scenarios audit`: every scenario against every mutant of the reference gateway. A scenario that no mutant kills cannot
//! fail; a mutant that kills none is not looked at by any.

use super::{Running, Sandbox, SandboxError, test::target};
use crate::{
    cluster::Writes,
    event::{AuditedMutant, AuditedScenario, Events, Fact, Matrix, ScenarioReport, Verdict},
    scenario::{self, Catalogue, RunOptions, Scenario, Target},
};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio_util::sync::CancellationToken;

/// How long a scenario may take under a mutant: what hangs is as dead as what fails.
const DEADLINE: Duration = Duration::from_secs(5);
/// A mutant that kills more than these is no misbehaviour of one kind.
const BROAD: usize = 10;

/// What `scenarios audit` is asked to do.
#[derive(Debug, Clone)]
pub struct AuditOptions {
    /// Ids, globs or tags of scenarios; none: all.
    pub patterns: Vec<String>,
    /// Names of mutants; none: all.
    pub mutants: Vec<String>,
    /// How many scenarios run at a time.
    pub parallel: usize,
    /// Whether a mutant meets only the scenarios that it names: quicker, but no whole matrix.
    pub own: bool,
}

/// Runs all scenarios against all mutants of a sandbox that is up.
///
/// # Errors
/// The sandbox is not up, or its gateway has no mutants.
pub async fn audit(
    sandbox: &Sandbox,
    options: &AuditOptions,
    events: &Events,
    cancel: &CancellationToken,
) -> Result<Matrix, SandboxError> {
    let began = Instant::now();
    let running = Running::find(sandbox, Writes::default()).await?;
    let selection = Catalogue::built_in()?.select(&options.patterns)?;
    let target = target(&running).await?;
    let mut known = running.mutants().await?;
    if let Some(name) = options.mutants.iter().find(|name| !known.iter().any(|(known, _)| known == *name)) {
        return Err(SandboxError::Mutant { name: name.clone(), why: "there is none of that name".to_owned() });
    }
    known.retain(|(name, _)| options.mutants.is_empty() || options.mutants.contains(name));
    let mut healthy = verdicts(&selection, &target, options.parallel, cancel).await;
    // What a busy machine made fail is asked again, by itself: a scenario that is left out kills nobody.
    let failed: Vec<Arc<Scenario>> =
        selection.iter().filter(|scenario| !lives(healthy.get(&scenario.id))).cloned().collect();
    healthy.extend(verdicts(&failed, &target, 1, cancel).await);
    let mut matrix =
        Matrix { scenarios: selection.iter().map(|scenario| row(scenario, &healthy)).collect(), ..Matrix::default() };
    let alive: Vec<Arc<Scenario>> = selection.into_iter().filter(|scenario| lives(healthy.get(&scenario.id))).collect();
    for (name, about) in known {
        if cancel.is_cancelled() {
            break;
        }
        let since = Instant::now();
        let own = named(&about);
        let against: Vec<Arc<Scenario>> =
            alive.iter().filter(|scenario| !options.own || own.contains(&scenario.id)).cloned().collect();
        running.set_mutant(Some(&name)).await?;
        let ends = verdicts(&against, &target, options.parallel, cancel).await;
        running.set_mutant(None).await?;
        let kills: Vec<String> =
            against.iter().map(|scenario| scenario.id.clone()).filter(|id| !lives(ends.get(id))).collect();
        let text = format!("{name} killed {} ({:.1} s)", listed(&kills), since.elapsed().as_secs_f64());
        events.emit(Fact::Note { text });
        matrix.mutants.push(AuditedMutant { names: own, broad: kills.len() > BROAD, name, about, kills });
    }
    matrix.scenarios.sort_by(|one, other| one.id.cmp(&other.id));
    matrix.mutants.iter_mut().for_each(|mutant| mutant.kills.sort());
    judge(&mut matrix);
    matrix.seconds = began.elapsed().as_secs_f64();
    Ok(matrix)
}

async fn verdicts(
    selection: &[Arc<Scenario>],
    target: &Target,
    parallel: usize,
    cancel: &CancellationToken,
) -> BTreeMap<String, ScenarioReport> {
    let (events, mut told) = Events::new();
    let options = RunOptions { parallel, deadline: DEADLINE, second_try: false, ..RunOptions::seeded(1) };
    scenario::run(selection.to_vec(), target, options, &events, cancel.clone()).await;
    drop(events);
    let mut reports = BTreeMap::new();
    while let Some(event) = told.recv().await {
        if let Fact::ScenarioFinished(report) = event.fact {
            reports.insert(report.id.clone(), *report);
        }
    }
    reports
}

fn lives(report: Option<&ScenarioReport>) -> bool {
    report.is_some_and(|report| matches!(report.verdict, Verdict::Pass | Verdict::ExpectedDefect))
}

fn row(scenario: &Scenario, healthy: &BTreeMap<String, ScenarioReport>) -> AuditedScenario {
    let report = healthy.get(&scenario.id);
    AuditedScenario {
        id: scenario.id.clone(),
        capability: scenario.requires.capability.clone().unwrap_or_default(),
        skipped: report.filter(|report| report.verdict == Verdict::Skip).and_then(|report| report.reason.clone()),
        healthy: lives(report),
        killers: Vec::new(),
        own: false,
    }
}

/// Ids in the parentheses at the end of what is said of a mutant.
fn named(about: &str) -> Vec<String> {
    let inside = about.rsplit_once('(').map_or("", |(_, inside)| inside).trim_end_matches(['.', ')']);
    inside.split(", ").filter(|id| id.contains('-')).map(str::to_owned).collect()
}

/// Who kills whom, and whether it is its own: a mutant of a scenario's capability is one that names it, or names another
/// scenario of that capability.
fn judge(matrix: &mut Matrix) {
    let capability: BTreeMap<String, String> =
        matrix.scenarios.iter().map(|row| (row.id.clone(), row.capability.clone())).collect();
    for row in &mut matrix.scenarios {
        let narrow = matrix.mutants.iter().filter(|mutant| !mutant.broad && mutant.kills.contains(&row.id));
        row.killers = narrow.clone().map(|mutant| mutant.name.clone()).collect();
        row.own = narrow
            .clone()
            .any(|mutant| mutant.names.iter().any(|id| *id == row.id || capability.get(id) == Some(&row.capability)));
    }
}

fn listed(ids: &[String]) -> String {
    if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") }
}
