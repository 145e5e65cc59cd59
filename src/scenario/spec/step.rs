//! Steps: what is done, and what must hold then.

use super::{
    compile::{self, Versioned},
    document::{ChatCall, HttpCall, ReadCall, StepDocument, Then, When},
    mcp::{self, McpCall},
    mistake::{Mistake, Parsed},
    place::Place,
    release::Release,
};
use crate::canonical::{Rendered, duration};
use crate::scenario::expect::{Expectation, Subject};
use std::time::Duration;

/// How long a controller may take until an object is as a scenario expects it, unless the scenario says otherwise.
const READ_WITHIN: Duration = Duration::from_secs(2);

/// One thing that is done, and what must hold then.
#[derive(Debug, Clone)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// How often; every answer must be as expected.
    pub times: u32,
    pub(super) expectations: Vec<Versioned>,
}

/// What is done.
#[derive(Debug, Clone)]
pub enum Action {
    /// A plain HTTP request.
    Http(HttpCall),
    /// A chat completion.
    Chat(ChatCall),
    /// A message of an MCP session.
    Mcp(McpCall),
    /// A look at an object, repeated for at most this long.
    Read(ReadCall, Duration),
}

impl Step {
    /// The expectations that hold for a release.
    pub fn expectations(&self, release: Option<Release>) -> impl Iterator<Item = &Expectation> {
        self.expectations
            .iter()
            .filter(move |(range, _)| match (range, release) {
                (Some(range), Some(release)) => range.contains(release),
                (Some(_), None) => false,
                (None, _) => true,
            })
            .map(|(_, expectation)| expectation)
    }
}

pub(super) fn read_step(step: &StepDocument, place: &Place, rendered: &Rendered) -> Parsed<Step> {
    let when = place.key("when");
    let action = action(&step.when, &when)?;
    let times = step.when.times.unwrap_or(1);
    if !(1..=1000).contains(&times) {
        return Err(Mistake::new(&when.key("times"), "`times` is a number from 1 to 1000"));
    }
    let then = place.key("then");
    check_meaning(&action, &step.then, &then)?;
    let expectations = compile::expectations(&step.then, &then)?;
    if expectations.is_empty() {
        return Err(Mistake::new(&then, "a step expects at least one thing"));
    }
    let mocks: Vec<&str> = rendered.mocks.iter().map(String::as_str).collect();
    for (_, expectation) in expectations.iter().filter(|_| !mocks.is_empty()) {
        if let Subject::Count { mock } | Subject::Received { mock, .. } = &expectation.subject
            && !mocks.contains(&mock.as_str())
        {
            return Err(Mistake::unknown(&then.key("received"), "mock", mock, &mocks));
        }
    }
    Ok(Step { action, times, expectations })
}

fn action(when: &When, place: &Place) -> Parsed<Action> {
    match (&when.http, &when.chat, &when.mcp, &when.read) {
        (Some(call), None, None, None) => http(call, &place.key("http")),
        (None, Some(call), None, None) => Ok(Action::Chat(call.clone())),
        (None, None, Some(call), None) => {
            mcp::check(call, &place.key("mcp"))?;
            Ok(Action::Mcp(call.clone()))
        }
        (None, None, None, Some(call)) => read(call, &place.key("read")),
        _ => Err(Mistake::new(place, "exactly one of `http`, `chat`, `mcp` and `read` is wanted here")),
    }
}

fn http(call: &HttpCall, place: &Place) -> Parsed<Action> {
    if !call.path.starts_with('/') {
        return Err(Mistake::new(&place.key("path"), "`path` begins with `/`"));
    }
    if call.body.is_some() && call.json.is_some() {
        return Err(Mistake::new(place, "at most one of `body` and `json`"));
    }
    Ok(Action::Http(call.clone()))
}

fn read(call: &ReadCall, place: &Place) -> Parsed<Action> {
    if call.kind.is_empty() || call.name.is_empty() {
        return Err(Mistake::new(place, "`kind` and `name` say what is read"));
    }
    let within = match &call.within {
        None => READ_WITHIN,
        Some(text) => duration(text).ok_or_else(|| {
            Mistake::new(&place.key("within"), format!("`{text}` is not a time like `500ms` or `2s`"))
        })?,
    };
    Ok(Action::Read(call.clone(), within))
}

/// An answer has no conditions, and an object has no status line.
fn check_meaning(action: &Action, then: &Then, place: &Place) -> Parsed<()> {
    let of_answers = [
        ("status", then.status.is_some()),
        ("headers", !then.headers.is_empty()),
        ("body", then.body.is_some()),
        ("sse", then.sse.is_some()),
        ("took", then.took.is_some()),
    ];
    let wrong = match action {
        Action::Read(..) => of_answers.into_iter().find(|(_, set)| *set).map(|(key, _)| key),
        _ => (!then.conditions.is_empty()).then_some("conditions"),
    };
    match wrong {
        None => Ok(()),
        Some(key) => {
            let of = if matches!(action, Action::Read(..)) { "an object that is read" } else { "an answer" };
            Err(Mistake::new(&place.key(key), format!("{of} has no `{key}`")))
        }
    }
}
