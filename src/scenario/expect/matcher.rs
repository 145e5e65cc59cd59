//! What a value must be.

use super::{
    difference::{difference, same, text_difference},
    mismatch::{Words, words_of},
    path::JsonPath,
};
use crate::wire::sse::Decoder;
use regex::Regex;
use serde_json::Value;

/// What a value must be.
#[derive(Debug, Clone)]
pub enum Matcher {
    /// Anything, as long as it is there.
    Any,
    /// It must not be there.
    Absent,
    /// Exactly this.
    Literal(Value),
    /// Text in which this expression is found.
    Matches(Regex),
    /// A number from one to another, both included; text that is a number counts.
    Between(f64, f64),
    /// JSON, or text that holds it, with these values at these paths.
    Json(Vec<(JsonPath, Matcher)>),
    /// Events of a stream: what their data must be, in order; `None` stands for any number of events.
    Sse(Vec<Option<Matcher>>),
    /// A list with at least one such item.
    AnyOf(Box<Matcher>),
    /// The same as the mock's last answer: as JSON where both are, else byte by byte.
    SentBy(String),
    /// The same as another value of the document.
    SameAs(JsonPath),
}

/// What a matcher may look at beside the value.
pub trait Scene {
    /// The body of the last answer that a mock sent in this lane.
    fn sent_by(&self, mock: &str) -> Option<&str>;
    /// The document that the value is part of.
    fn document(&self) -> Option<&Value>;
}

/// A scene without anything in it.
pub struct Nothing;

impl Scene for Nothing {
    fn sent_by(&self, _: &str) -> Option<&str> {
        None
    }

    fn document(&self) -> Option<&Value> {
        None
    }
}

impl Matcher {
    /// Checks a value; `None`: there is none.
    ///
    /// # Errors
    /// What was expected and what was got, in words.
    pub fn check(&self, seen: Option<&Value>, scene: &dyn Scene) -> Result<(), Words> {
        let holds = match (self, seen) {
            (Self::Absent, seen) => seen.is_none(),
            (_, None) => false,
            (Self::Any, Some(_)) => true,
            (Self::Literal(wanted), Some(seen)) => same(wanted, seen),
            (Self::Matches(regex), Some(seen)) => regex.is_match(&text_of(seen)),
            (Self::Between(low, high), Some(seen)) => number_of(seen).is_some_and(|seen| *low <= seen && seen <= *high),
            (Self::Json(fields), Some(seen)) => return check_json(fields, seen, scene),
            (Self::Sse(events), Some(seen)) => return check_events(events, &text_of(seen), scene),
            (Self::AnyOf(item), Some(seen)) => return check_any(item, seen, scene),
            (Self::SentBy(mock), Some(seen)) => return check_sent(mock, seen, scene),
            (Self::SameAs(path), Some(seen)) => {
                scene.document().and_then(|document| path.find(document)).is_some_and(|other| same(other, seen))
            }
        };
        if holds { Ok(()) } else { Err(Words::new(self.to_string(), words_of(seen))) }
    }
}

impl std::fmt::Display for Matcher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Any => formatter.write_str("anything"),
            Self::Absent => formatter.write_str("nothing"),
            Self::Literal(value) => formatter.write_str(&words_of(Some(value))),
            Self::Matches(regex) => write!(formatter, "something like /{regex}/"),
            Self::Between(low, high) => write!(formatter, "a number from {low} to {high}"),
            Self::Json(_) => formatter.write_str("JSON"),
            Self::AnyOf(item) => match &**item {
                Self::Json(fields) => {
                    let fields: Vec<String> =
                        fields.iter().map(|(path, matcher)| format!("{path}: {matcher}")).collect();
                    write!(formatter, "one with {}", fields.join(", "))
                }
                other => write!(formatter, "one that is {other}"),
            },
            Self::Sse(_) => formatter.write_str("a stream of events"),
            Self::SentBy(mock) => write!(formatter, "what the mock {mock} sent"),
            Self::SameAs(path) => write!(formatter, "the same as {path}"),
        }
    }
}

fn check_json(fields: &[(JsonPath, Matcher)], seen: &Value, scene: &dyn Scene) -> Result<(), Words> {
    let parsed;
    let document = match seen {
        Value::String(text) => {
            parsed = serde_json::from_str(text).map_err(|_| Words::new("JSON", words_of(Some(seen))))?;
            &parsed
        }
        other => other,
    };
    for (path, matcher) in fields {
        matcher.check(path.find(document), scene).map_err(|words| words.under(&path.to_string()))?;
    }
    Ok(())
}

fn check_any(item: &Matcher, seen: &Value, scene: &dyn Scene) -> Result<(), Words> {
    let items = seen.as_array().map_or(&[][..], Vec::as_slice);
    if items.iter().any(|seen| item.check(Some(seen), scene).is_ok()) {
        return Ok(());
    }
    let expected = Matcher::AnyOf(Box::new(item.clone())).to_string();
    let got = if items.is_empty() { "none".to_owned() } else { words_of(Some(seen)) };
    Err(Words::new(expected, got))
}

fn check_events(wanted: &[Option<Matcher>], text: &str, scene: &dyn Scene) -> Result<(), Words> {
    let events: Vec<Value> = events_of(text).into_iter().map(Value::String).collect();
    if fits(wanted, &events, scene) {
        return Ok(());
    }
    let described: Vec<String> =
        wanted.iter().map(|matcher| matcher.as_ref().map_or_else(|| "…".to_owned(), Matcher::to_string)).collect();
    let last = events.last().map_or_else(|| "none".to_owned(), |event| words_of(Some(event)));
    Err(Words::new(
        format!("the events {}", described.join(", ")),
        format!("{} events, the last of them {last}", events.len()),
    ))
}

fn fits(wanted: &[Option<Matcher>], events: &[Value], scene: &dyn Scene) -> bool {
    match wanted.split_first() {
        None => events.is_empty(),
        Some((None, rest)) => (0..=events.len()).any(|skipped| fits(rest, &events[skipped..], scene)),
        Some((Some(matcher), rest)) => match events.split_first() {
            Some((event, others)) => matcher.check(Some(event), scene).is_ok() && fits(rest, others, scene),
            None => false,
        },
    }
}

/// The data of every event in a stream's text.
pub fn events_of(text: &str) -> Vec<String> {
    Decoder::new().push(text.as_bytes()).into_iter().map(|event| event.data).collect()
}

fn check_sent(mock: &str, seen: &Value, scene: &dyn Scene) -> Result<(), Words> {
    let expected = format!("what the mock {mock} sent");
    let Some(sent) = scene.sent_by(mock) else {
        return Err(Words::new(expected, format!("{}, but the mock sent nothing", words_of(Some(seen)))));
    };
    let as_json = |text: &str| serde_json::from_str::<Value>(text).ok();
    let text = text_of(seen);
    match (as_json(sent), as_json(&text)) {
        (Some(sent), Some(seen)) if same(&sent, &seen) => Ok(()),
        (Some(sent), Some(seen)) => Err(difference(&sent, &seen, "").under(&expected)),
        _ if sent == text => Ok(()),
        _ => Err(text_difference(sent, &text).under(&expected)),
    }
}

/// Text as it is, everything else as JSON.
pub(super) fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}
