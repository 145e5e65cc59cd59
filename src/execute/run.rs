//! The order of execution: a step starts as soon as all that it needs has succeeded.

use super::{Done, ExecuteError, Journal, Outcome, World, bring_about};
use crate::{
    event::{Change, Fact},
    plan::{Plan, PlannedStep, Step, StepId, check_order},
};
use std::{
    collections::HashSet,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// Longest time that steps get to end by themselves after an interruption; Helm notes within this time that it was
/// interrupted.
const WIND_UP: Duration = Duration::from_secs(12);

type Ended = (PlannedStep, Result<Done, ExecuteError>, Duration);

/// Executes a plan. The first failure of a step that is not optional ends it; running steps are dropped then.
pub async fn run(plan: &Plan, world: &Arc<World>, journal: &mut Journal) -> Result<Outcome, ExecuteError> {
    check_order(plan)?;
    let mut outcome = Outcome::default();
    let mut waiting: Vec<PlannedStep> = plan.steps.clone();
    let mut done: HashSet<StepId> = HashSet::new();
    let mut running: JoinSet<Ended> = JoinSet::new();
    loop {
        start_ready(&mut waiting, &done, &mut running, world);
        let ended = tokio::select! {
            ended = running.join_next() => ended,
            () = world.cancel.cancelled() => {
                wind_up(&mut running).await;
                return Err(ExecuteError::Interrupted);
            }
        };
        // Nothing runs and nothing could start: all is done, because the order of the plan was checked.
        let Some(Ok((step, result, took))) = ended else { break };
        let change = settle(&step, result, took, world, journal)?;
        outcome.steps.push((step.id.clone(), change, took));
        done.insert(step.id);
    }
    outcome.url = world.url().map(str::to_owned);
    Ok(outcome)
}

/// Steps that heed the cancellation, as that of a chart does with its Helm, may end what must not be left half done; the
/// others have nothing to lose and are dropped with it.
async fn wind_up(running: &mut JoinSet<Ended>) {
    let all_ended = async { while running.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(WIND_UP, all_ended).await;
}

fn start_ready(
    waiting: &mut Vec<PlannedStep>,
    done: &HashSet<StepId>,
    running: &mut JoinSet<Ended>,
    world: &Arc<World>,
) {
    for step in waiting.extract_if(.., |step| step.needs.iter().all(|need| done.contains(need))) {
        world.events.emit(Fact::StepStarted { step: step.id.to_string(), title: step.title.clone() });
        running.spawn(timed(step, Arc::clone(world)));
    }
}

async fn timed(step: PlannedStep, world: Arc<World>) -> Ended {
    let began = Instant::now();
    let time = world.time_for(&step);
    let late = || ExecuteError::TimedOut {
        step: step.id.to_string(),
        seconds: time.as_secs(),
        last: world.last_wait(&step.id).unwrap_or_else(|| step.title.clone()),
    };
    let work = async {
        let brought = bring_about(&step, &world);
        match &step.step {
            Step::Chart(_) => brought.await,
            _ => tokio::select! {
                done = brought => done,
                () = world.cancel.cancelled() => Err(ExecuteError::Interrupted),
            },
        }
    };
    let result = tokio::time::timeout(time, work).await.unwrap_or_else(|_| Err(late()));
    (step, result, began.elapsed())
}

/// The rest is told with the failure of the run.
fn first_line(error: &ExecuteError) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}

/// Tells and notes how a step ended. The failure of an optional one becomes a warning.
fn settle(
    step: &PlannedStep,
    result: Result<Done, ExecuteError>,
    took: Duration,
    world: &World,
    journal: &mut Journal,
) -> Result<Change, ExecuteError> {
    let (change, detail, error) = match result {
        Ok(done) => (done.change, done.detail, None),
        Err(error) if step.optional => (Change::Warned, first_line(&error), None),
        Err(error) => (Change::Failed, first_line(&error), Some(error)),
    };
    let (id, title) = (step.id.to_string(), step.title.clone());
    world.events.emit(Fact::StepFinished { step: id, title, change, seconds: took.as_secs_f64(), detail });
    journal.note(step, change, took).map_err(|error| ExecuteError::Journal { why: error.to_string() })?;
    error.map_or(Ok(change), Err)
}
