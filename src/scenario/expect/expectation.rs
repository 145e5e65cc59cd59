//! An expectation: what is looked at, what it must be, and where the scenario says so.

use super::{matcher::Matcher, metric::Metric, path::JsonPath};
use crate::scenario::spec::Place;

/// One thing that must hold after a step.
#[derive(Debug, Clone)]
pub struct Expectation {
    /// Where the scenario says so.
    pub place: Place,
    /// What is looked at.
    pub subject: Subject,
    /// What it must be.
    pub matcher: Matcher,
}

/// What an expectation looks at.
#[derive(Debug, Clone)]
pub enum Subject {
    /// Status of the answer.
    Status,
    /// A header of the answer, by lower-case name.
    Header(String),
    /// Body of the answer.
    Body,
    /// A value in the answer's JSON; for MCP in the JSON-RPC message.
    Json(JsonPath),
    /// Milliseconds that the exchange took.
    Took,
    /// Milliseconds from the request to the first event of the stream.
    FirstEvent,
    /// Milliseconds between events of the stream, 99th percentile.
    Gaps,
    /// How the body ended.
    End,
    /// How many answers of a burst had a status; `none`: no answer at all.
    StatusCount(String),
    /// How many answers of a burst had a status that is none of these.
    OtherStatuses(Vec<String>),
    /// By how much a metric grew.
    Metric(Metric),
    /// A field of the access log's line for the last request.
    Log(String),
    /// What the cluster said when it refused.
    Refused,
    /// Events that were told of the object that was read.
    Events,
    /// A condition of the object that was read.
    Condition {
        /// Its type.
        kind: String,
        /// Which field of it.
        field: ConditionField,
    },
    /// How many requests a mock received since the scenario began.
    Count {
        /// The mock.
        mock: String,
    },
    /// A part of what a mock received.
    Received {
        /// The mock.
        mock: String,
        /// Which request.
        which: Which,
        /// Which part of it.
        part: RequestPart,
    },
}

/// A field of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConditionField {
    /// `status`; a condition of an older generation has none.
    Status,
    /// `reason`.
    Reason,
    /// `message`.
    Message,
}

/// Which of the requests that a mock received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// The first.
    First,
    /// The last.
    Last,
    /// Every one.
    Each,
}

/// A part of a request that a mock received.
#[derive(Debug, Clone)]
pub enum RequestPart {
    /// Method.
    Method,
    /// Path with query.
    Path,
    /// A header by lower-case name; credentials are compared as tokens.
    Header(String),
    /// Body.
    Body,
    /// A value in the JSON body.
    Json(JsonPath),
    /// How the exchange ended: `complete`, `clientLeft`, `cutByUs`.
    Outcome,
}

impl Subject {
    /// The mock that has to be asked, if one has.
    pub fn mock(&self) -> Option<&str> {
        match self {
            Self::Count { mock } | Self::Received { mock, .. } => Some(mock),
            _ => None,
        }
    }

    /// Where it is, in words that go before what was got: `retry-after`, `openai's last request, path`.
    pub fn words(&self) -> Option<String> {
        match self {
            Self::Status | Self::Body => None,
            Self::Header(name) => Some(name.clone()),
            Self::Json(path) => Some(path.to_string()),
            Self::Took => Some("milliseconds".to_owned()),
            Self::FirstEvent => Some("milliseconds to the first event".to_owned()),
            Self::Gaps => Some("milliseconds between events (p99)".to_owned()),
            Self::End => Some("end of the body".to_owned()),
            Self::StatusCount(status) => Some(format!("answers with {status}")),
            Self::OtherStatuses(_) => Some("answers with another status".to_owned()),
            Self::Metric(metric) => Some(format!("growth of {metric}")),
            Self::Log(field) => Some(format!("{field} in the access log")),
            Self::Refused => Some("refusal".to_owned()),
            Self::Events => Some("Events".to_owned()),
            Self::Condition { kind, field: ConditionField::Status } => Some(kind.clone()),
            Self::Condition { kind, field: ConditionField::Reason } => Some(format!("reason of {kind}")),
            Self::Condition { kind, field: ConditionField::Message } => Some(format!("message of {kind}")),
            Self::Count { mock } => Some(format!("requests that {mock} received")),
            Self::Received { mock, which, part } => {
                let which = match which {
                    Which::First => "first request",
                    Which::Last => "last request",
                    Which::Each => "request",
                };
                Some(format!("{mock}'s {which}, {}", part.words()))
            }
        }
    }
}

impl RequestPart {
    fn words(&self) -> String {
        match self {
            Self::Method => "method".to_owned(),
            Self::Path => "path".to_owned(),
            Self::Header(name) => name.clone(),
            Self::Body => "body".to_owned(),
            Self::Json(path) => path.to_string(),
            Self::Outcome => "end".to_owned(),
        }
    }
}
