//! Steps: what is done, how often, and what must hold then.

use super::{
    action::{Action, action, time},
    compile::{self, Versioned},
    defect::{Defect, defect},
    meaning::check_meaning,
    mistake::{Mistake, Parsed},
    place::Place,
    release::Release,
    when::{LeaveDocument, Repeat, StepDocument},
};
use crate::scenario::expect::Expectation;
use std::time::Duration;

/// One thing that is done, and what must hold then.
#[derive(Debug, Clone)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// How often; every answer must be as expected.
    pub times: u32,
    /// How many of them at the same time.
    pub parallel: u32,
    /// When the client goes away.
    pub leave: Option<Leave>,
    /// Whether it is repeated until it holds.
    pub eventually: Option<Eventually>,
    /// What the real gateway does wrong here.
    pub defect: Option<Defect>,
    expectations: Vec<Versioned>,
}

/// When the client goes away before the answer is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// After so many events of the stream.
    AfterEvents(u32),
    /// After this time.
    After(Duration),
}

/// A step that is repeated until it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Eventually {
    /// For at most this long.
    pub within: Duration,
    /// So often in a row.
    pub successes: u32,
}

impl Step {
    /// The expectations that hold for a release.
    pub fn expectations(&self, release: Option<Release>) -> impl Iterator<Item = &Expectation> {
        of_release(&self.expectations, release)
    }

    /// Every expectation, of all releases and of the defect.
    pub fn all_expectations(&self) -> impl Iterator<Item = &Expectation> {
        let instead = self.defect.iter().flat_map(Defect::all);
        self.expectations.iter().map(|(_, expectation)| expectation).chain(instead)
    }

    /// The defect, where a release has it.
    pub fn defect_in(&self, release: Option<Release>) -> Option<&Defect> {
        self.defect.as_ref().filter(|defect| defect.is_in(release))
    }
}

/// Those of some expectations that hold for a release.
pub(super) fn of_release(expectations: &[Versioned], release: Option<Release>) -> impl Iterator<Item = &Expectation> {
    let holds = move |(range, _): &&Versioned| match (range, release) {
        (Some(range), Some(release)) => range.contains(release),
        (Some(_), None) => false,
        (None, _) => true,
    };
    expectations.iter().filter(holds).map(|(_, expectation)| expectation)
}

pub(super) fn read_step(step: &StepDocument, place: &Place) -> Parsed<Step> {
    let when = place.key("when");
    let action = action(&step.when, &when)?;
    let times = number(step.when.times, 1000, &when.key("times"))?;
    let parallel = number(step.when.parallel, 200, &when.key("parallel"))?;
    let traffic = [
        ("times", step.when.times.is_some()),
        ("parallel", step.when.parallel.is_some()),
        ("leave", step.when.leave.is_some()),
    ];
    if let Some((word, _)) = traffic.iter().find(|(_, set)| *set && !action.is_traffic()) {
        return Err(Mistake::new(&when.key(word), format!("`{word}` is for requests")));
    }
    let leave = step.when.leave.as_ref().map(|document| leave(document, &when.key("leave"))).transpose()?;
    let eventually = step.eventually.as_ref().map(|repeat| eventually(repeat, &place.key("eventually"))).transpose()?;
    let then = place.key("then");
    check_meaning(&action, &step.then, &then)?;
    let expectations = compile::expectations(&step.then, &then)?;
    if expectations.is_empty() && (action.is_traffic() || matches!(action, Action::Read(..))) {
        return Err(Mistake::new(&then, "a step expects at least one thing"));
    }
    let wrong = step.then.defect.as_ref();
    if let Some(document) = wrong {
        check_meaning(&action, &document.instead, &then.key("defect").key("instead"))?;
    }
    let defect = wrong.map(|document| defect(document, &then.key("defect"))).transpose()?;
    Ok(Step { action, times, parallel, leave, eventually, defect, expectations })
}

fn number(given: Option<u32>, most: u32, place: &Place) -> Parsed<u32> {
    match given.unwrap_or(1) {
        number if (1..=most).contains(&number) => Ok(number),
        _ => Err(Mistake::new(place, format!("a number from 1 to {most} is wanted here"))),
    }
}

fn leave(document: &LeaveDocument, place: &Place) -> Parsed<Leave> {
    match (document.after_events, &document.after) {
        (Some(events), None) if events > 0 => Ok(Leave::AfterEvents(events)),
        (None, Some(text)) => time(text, &place.key("after")).map(Leave::After),
        _ => Err(Mistake::new(place, "`afterEvents` (1 or more) or `after` says when the client goes away")),
    }
}

fn eventually(repeat: &Repeat, place: &Place) -> Parsed<Eventually> {
    let within = time(&repeat.within, &place.key("within"))?;
    Ok(Eventually { within, successes: number(repeat.successes, 20, &place.key("successes"))? })
}
