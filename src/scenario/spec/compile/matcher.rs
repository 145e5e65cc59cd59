//! Matchers: what a value must be, as it is written.

use super::super::{
    mistake::{Mistake, Parsed},
    place::Place,
};
use super::keys::listed;
use crate::scenario::expect::{JsonPath, Matcher};
use regex::Regex;
use serde_json::Value;

/// The words that a matcher may begin with.
pub(super) const MATCHERS: [&str; 7] = ["literal", "matches", "between", "json", "sse", "sentBy", "sameAs"];

/// A matcher: a word, a mapping with exactly one matcher's word, or a literal.
pub(in crate::scenario::spec) fn matcher(value: &Value, place: &Place) -> Parsed<Matcher> {
    match value {
        Value::String(word) if word == "any" => Ok(Matcher::Any),
        Value::String(word) if word == "absent" => Ok(Matcher::Absent),
        Value::Object(fields) => match fields.iter().next() {
            Some((word, inner)) if fields.len() == 1 => worded(word, inner, &place.key(word)),
            _ => Err(Mistake::new(place, format!("exactly one of {} is wanted here", listed(&MATCHERS)))),
        },
        literal => Ok(Matcher::Literal(literal.clone())),
    }
}

fn worded(word: &str, inner: &Value, place: &Place) -> Parsed<Matcher> {
    match (word, inner) {
        ("literal", literal) => Ok(Matcher::Literal(literal.clone())),
        ("matches", Value::String(text)) => Regex::new(text).map(Matcher::Matches).map_err(|error| {
            Mistake::new(place, format!("`{text}` is not a regular expression: {}", last_line(&error)))
        }),
        ("between", Value::Array(bounds)) => match bounds.iter().map(Value::as_f64).collect::<Vec<_>>()[..] {
            [Some(low), Some(high)] if low <= high => Ok(Matcher::Between(low, high)),
            _ => Err(Mistake::new(place, "`between` wants two numbers, the smaller one first")),
        },
        ("json", Value::Object(fields)) => {
            let fields = fields.iter().map(|(path, value)| {
                let place = place.key(path);
                Ok((json_path(path, &place)?, matcher(value, &place)?))
            });
            Ok(Matcher::Json(fields.collect::<Parsed<Vec<_>>>()?))
        }
        ("sse", events) => stream(events, place),
        ("sentBy", Value::String(mock)) => Ok(Matcher::SentBy(mock.clone())),
        ("sameAs", Value::String(path)) => Ok(Matcher::SameAs(json_path(path, place)?)),
        (word, _) if MATCHERS.contains(&word) => {
            Err(Mistake::new(place, format!("`{word}` does not take this")).with_help(usage(word)))
        }
        (word, _) => Err(Mistake::unknown(place, "matcher", word, &MATCHERS)),
    }
}

/// A list of matchers for the data of events; `...` stands for any number of events.
pub(super) fn stream(events: &Value, place: &Place) -> Parsed<Matcher> {
    let Value::Array(events) = events else {
        return Err(Mistake::new(place, "`sse` wants a list").with_help(usage("sse")));
    };
    let events = events.iter().enumerate().map(|(index, event)| match event {
        Value::String(dots) if dots == "..." => Ok(None),
        event => matcher(event, &place.index(index)).map(Some),
    });
    Ok(Matcher::Sse(events.collect::<Parsed<Vec<_>>>()?))
}

fn usage(word: &str) -> &'static str {
    match word {
        "matches" => "write `{matches: \"^regular expression$\"}`",
        "between" => "write `{between: [1, 10]}`",
        "json" => "write `{json: {path.to[0].value: matcher}}`",
        "sse" => "write `{sse: [matcher, \"...\", \"[DONE]\"]}`, where `...` stands for any number of events",
        "sentBy" => "write `{sentBy: name of a mock}`",
        _ => "write `{sameAs: path.in.the.same.document}`",
    }
}

pub(super) fn json_path(text: &str, place: &Place) -> Parsed<JsonPath> {
    JsonPath::parse(text).map_err(|reason| Mistake::new(place, reason))
}

fn last_line(error: &regex::Error) -> String {
    error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
