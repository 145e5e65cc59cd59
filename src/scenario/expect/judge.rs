//! Whether expectations hold: pure functions over what was recorded.

use super::{
    answer::Answer,
    expectation::{ConditionField, Expectation, RequestPart, Subject, Which},
    log_line::LogLine,
    matcher::{Matcher, Scene},
    metric::Samples,
    mismatch::Words,
};
use crate::exchange::{Exchange, Outcome, mask_header};
use indexmap::IndexMap;
use serde_json::Value;

/// What a step has brought to light.
#[derive(Debug, Clone, Default)]
pub struct Evidence {
    /// The answer, where there was one; of a burst the last.
    pub answer: Option<Answer>,
    /// The statuses of a burst, in order; `None`: no answer came.
    pub statuses: Vec<Option<u16>>,
    /// The object that was read, where one was.
    pub object: Option<Value>,
    /// Events that were told of that object.
    pub events: Vec<Value>,
    /// What the cluster said when it refused a change.
    pub refused: Option<String>,
    /// The gateway's metrics before and after.
    pub metrics: Option<(Samples, Samples)>,
    /// The access log's line for the last request.
    pub log: Option<LogLine>,
    /// What the mocks have received in this lane since the scenario began.
    pub received: IndexMap<String, Vec<Exchange>>,
}

impl Scene for Evidence {
    fn sent_by(&self, mock: &str) -> Option<&str> {
        let last = self.received.get(mock)?.last()?;
        last.sent.as_ref().map(|sent| sent.body.as_str())
    }

    fn document(&self) -> Option<&Value> {
        self.object.as_ref().or_else(|| self.answer.as_ref()?.json.as_ref())
    }
}

/// Says how an expectation is broken; `None`: it holds.
pub fn judge(expectation: &Expectation, evidence: &Evidence) -> Option<Words> {
    let verdict = match &expectation.subject {
        Subject::Received { mock, which, part } => {
            return judge_received(&expectation.matcher, mock, *which, part, evidence)
                .map(|words| placed(words, &expectation.subject));
        }
        subject => {
            let seen = seen(subject, evidence);
            expectation.matcher.check(seen.as_ref(), evidence)
        }
    };
    verdict.err().map(|words| placed(unanswered(words, &expectation.subject, evidence), &expectation.subject))
}

fn placed(words: Words, subject: &Subject) -> Words {
    match subject.words() {
        Some(what) => words.under(&what),
        None => words,
    }
}

/// Where no answer came at all, that is what was got.
fn unanswered(words: Words, subject: &Subject, evidence: &Evidence) -> Words {
    match &evidence.answer {
        Some(answer) if answer.status.is_none() && matches!(subject, Subject::Status | Subject::Body) => {
            Words { got: format!("no answer: {}", answer.body), ..words }
        }
        _ => words,
    }
}

fn seen(subject: &Subject, evidence: &Evidence) -> Option<Value> {
    let answer = evidence.answer.as_ref();
    match subject {
        Subject::Status => answer?.status.map(Value::from),
        Subject::Header(name) => header(&answer?.headers, name).map(Value::from),
        Subject::Body => answer?.status.map(|_| Value::from(answer.map_or("", |answer| answer.body.as_str()))),
        Subject::Json(path) => path.find(evidence.document()?).cloned(),
        Subject::Took => answer.map(|answer| Value::from(answer.milliseconds.round())),
        Subject::FirstEvent => answer?.event_times.first().map(|time| Value::from(time.round())),
        Subject::Gaps => answer?.gap().map(|gap| Value::from(gap.round())),
        Subject::End => answer?.status.and(answer).map(|answer| Value::from(answer.end.word())),
        Subject::StatusCount(status) => Some(Value::from(count(evidence, |seen| seen == *status))),
        Subject::OtherStatuses(named) => Some(Value::from(count(evidence, |seen| !named.contains(&seen)))),
        Subject::Metric(metric) => {
            evidence.metrics.as_ref().map(|(before, after)| Value::from(after.sum(metric) - before.sum(metric)))
        }
        Subject::Log(field) => evidence.log.as_ref()?.field(field).map(Value::from),
        Subject::Refused => evidence.refused.as_deref().map(Value::from),
        Subject::Events => Some(Value::from(evidence.events.clone())),
        Subject::Condition { kind, field } => condition(evidence.object.as_ref()?, kind, *field),
        Subject::Count { mock } => Some(Value::from(evidence.received.get(mock).map_or(0, Vec::len))),
        Subject::Received { .. } => None,
    }
}

fn count(evidence: &Evidence, counts: impl Fn(String) -> bool) -> usize {
    let word = |status: &Option<u16>| status.map_or_else(|| "none".to_owned(), |status| status.to_string());
    evidence.statuses.iter().map(word).filter(|status| counts(status.clone())).count()
}

/// All values of a header, joined as RFC 9110 allows.
fn header(headers: &[(String, String)], name: &str) -> Option<String> {
    let values: Vec<&str> =
        headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

fn judge_received(
    matcher: &Matcher,
    mock: &str,
    which: Which,
    part: &RequestPart,
    evidence: &Evidence,
) -> Option<Words> {
    let requests = evidence.received.get(mock).map_or(&[][..], Vec::as_slice);
    let chosen = match which {
        Which::First => requests.get(..1),
        Which::Last => requests.len().checked_sub(1).and_then(|last| requests.get(last..)),
        Which::Each => Some(requests),
    };
    let chosen = chosen.unwrap_or(&[]);
    if chosen.is_empty() {
        return Some(Words::new(matcher.to_string(), "no request"));
    }
    let matcher = as_recorded(matcher, part);
    chosen.iter().find_map(|exchange| matcher.check(part_of(exchange, part).as_ref(), evidence).err())
}

/// A literal credential is compared as the token that the recorder keeps of it.
fn as_recorded(matcher: &Matcher, part: &RequestPart) -> Matcher {
    match (matcher, part) {
        (Matcher::Literal(Value::String(value)), RequestPart::Header(name)) => {
            Matcher::Literal(Value::String(mask_header(name, value)))
        }
        _ => matcher.clone(),
    }
}

fn part_of(exchange: &Exchange, part: &RequestPart) -> Option<Value> {
    let received = &exchange.received;
    match part {
        RequestPart::Method => Some(Value::from(received.method.as_str())),
        RequestPart::Path => Some(Value::from(received.target.as_str())),
        RequestPart::Header(name) => header(&received.headers, name).map(Value::from),
        RequestPart::Body => Some(Value::from(received.body.as_str())),
        RequestPart::Json(path) => path.find(&serde_json::from_str(&received.body).ok()?).cloned(),
        RequestPart::Outcome => Some(Value::from(match exchange.outcome {
            Outcome::Open => "open",
            Outcome::Complete => "complete",
            Outcome::ClientLeft => "clientLeft",
            Outcome::CutByUs => "cutByUs",
        })),
    }
}

/// A field of a condition of an object. One that speaks of an older generation says nothing of this one.
pub fn condition(object: &Value, kind: &str, field: ConditionField) -> Option<Value> {
    let generation = object.pointer("/metadata/generation").and_then(Value::as_i64);
    let condition = conditions_of(object).into_iter().find(|condition| condition["type"] == kind)?;
    let observed = condition.get("observedGeneration").and_then(Value::as_i64);
    if let (Some(generation), Some(observed)) = (generation, observed)
        && observed < generation
    {
        return None;
    }
    let name = match field {
        ConditionField::Status => "status",
        ConditionField::Reason => "reason",
        ConditionField::Message => "message",
    };
    condition.get(name).cloned()
}

/// The conditions of an object: its own, of its first parent (routes) or of its first ancestor (policies).
pub fn conditions_of(object: &Value) -> Vec<&Value> {
    ["/status/conditions", "/status/parents/0/conditions", "/status/ancestors/0/conditions"]
        .iter()
        .filter_map(|path| object.pointer(path)?.as_array())
        .flatten()
        .collect()
}
