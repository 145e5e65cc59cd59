//! From what is written under `then` to expectations.

use super::{
    document::Then,
    mistake::{Mistake, Parsed},
    place::Place,
    release::ReleaseRange,
};
use crate::scenario::expect::{ConditionField, Expectation, JsonPath, Matcher, RequestPart, Subject, Which};
use indexmap::IndexMap;
use regex::Regex;
use serde_json::{Map, Value};

/// The words that a matcher may begin with.
const MATCHERS: [&str; 7] = ["literal", "matches", "between", "json", "sse", "sentBy", "sameAs"];
/// What may be said of requests that a mock received.
const RECEIVED: [&str; 4] = ["count", "first", "last", "each"];
/// What may be said of one such request.
const REQUEST: [&str; 6] = ["method", "path", "headers", "json", "body", "outcome"];
/// What may be said of a condition.
const CONDITION: [&str; 3] = ["status", "reason", "message"];

/// An expectation with the releases that it holds for; `None`: all.
pub(super) type Versioned = (Option<ReleaseRange>, Expectation);

/// All expectations of a step in the order in which they are judged.
pub(super) fn expectations(then: &Then, place: &Place) -> Parsed<Vec<Versioned>> {
    let mut list = List(Vec::new());
    for (word, value, subject) in [
        ("status", &then.status, Subject::Status),
        ("body", &then.body, Subject::Body),
        ("took", &then.took, Subject::Took),
    ] {
        if let Some(value) = value {
            list.add(None, place.key(word), subject, value)?;
        }
    }
    headers(&then.headers, &place.key("headers"), &mut list)?;
    for (path, value) in &then.json {
        let place = place.key("json").key(path);
        list.add(None, place.clone(), Subject::Json(json_path(path, &place)?), value)?;
    }
    if let Some(events) = &then.sse {
        let place = place.key("sse");
        list.push(None, place.clone(), Subject::Body, stream(events, &place)?);
    }
    for (kind, value) in &then.conditions {
        condition(kind, value, &place.key("conditions").key(kind), &mut list)?;
    }
    for (mock, value) in &then.received {
        received(mock, value, &place.key("received").key(mock), &mut list)?;
    }
    Ok(list.0)
}

struct List(Vec<Versioned>);

impl List {
    fn add(&mut self, range: Option<ReleaseRange>, place: Place, subject: Subject, value: &Value) -> Parsed<()> {
        let matcher = matcher(value, &place)?;
        self.push(range, place, subject, matcher);
        Ok(())
    }

    fn push(&mut self, range: Option<ReleaseRange>, place: Place, subject: Subject, matcher: Matcher) {
        self.0.push((range, Expectation { place, subject, matcher }));
    }
}

/// Headers by name, or by release range and then by name.
fn headers(headers: &IndexMap<String, Value>, place: &Place, list: &mut List) -> Parsed<()> {
    for (name, value) in headers {
        let here = place.key(name);
        match (ReleaseRange::parse(name), value) {
            (Some(range), Value::Object(fields)) => {
                for (name, value) in fields {
                    list.add(Some(range), here.key(name), Subject::Header(name.to_lowercase()), value)?;
                }
            }
            _ => list.add(None, here, Subject::Header(name.to_lowercase()), value)?,
        }
    }
    Ok(())
}

fn condition(kind: &str, value: &Value, place: &Place, list: &mut List) -> Parsed<()> {
    let subject = |field| Subject::Condition { kind: kind.to_owned(), field };
    match value {
        Value::Object(fields) if fields.keys().any(|key| CONDITION.contains(&key.as_str())) => {
            known_keys(fields, &CONDITION, place)?;
            for (name, field) in
                CONDITION.iter().zip([ConditionField::Status, ConditionField::Reason, ConditionField::Message])
            {
                if let Some(value) = fields.get(*name) {
                    list.add(None, place.key(name), subject(field), &truth(value))?;
                }
            }
            Ok(())
        }
        value => list.add(None, place.clone(), subject(ConditionField::Status), &truth(value)),
    }
}

/// YAML reads `True` as a boolean, Kubernetes writes it as text.
fn truth(value: &Value) -> Value {
    match value {
        Value::Bool(true) => Value::from("True"),
        Value::Bool(false) => Value::from("False"),
        other => other.clone(),
    }
}

fn received(mock: &str, value: &Value, place: &Place, list: &mut List) -> Parsed<()> {
    let Value::Object(fields) = value else {
        return list.add(None, place.clone(), Subject::Count { mock: mock.to_owned() }, value);
    };
    if fields.keys().any(|key| MATCHERS.contains(&key.as_str())) {
        return list.add(None, place.clone(), Subject::Count { mock: mock.to_owned() }, value);
    }
    known_keys(fields, &RECEIVED, place)?;
    if let Some(count) = fields.get("count") {
        list.add(None, place.key("count"), Subject::Count { mock: mock.to_owned() }, count)?;
    }
    for (word, which) in [("first", Which::First), ("last", Which::Last), ("each", Which::Each)] {
        let place = place.key(word);
        match fields.get(word) {
            None => {}
            Some(Value::Object(request)) => parts(mock, which, request, &place, list)?,
            Some(_) => return Err(Mistake::new(&place, format!("`{word}` wants {}", listed(&REQUEST)))),
        }
    }
    Ok(())
}

fn parts(mock: &str, which: Which, request: &Map<String, Value>, place: &Place, list: &mut List) -> Parsed<()> {
    known_keys(request, &REQUEST, place)?;
    let subject = |part| Subject::Received { mock: mock.to_owned(), which, part };
    for (word, value) in request {
        let place = place.key(word);
        match (word.as_str(), value) {
            ("method", _) => list.add(None, place, subject(RequestPart::Method), value)?,
            ("path", _) => list.add(None, place, subject(RequestPart::Path), value)?,
            ("body", _) => list.add(None, place, subject(RequestPart::Body), value)?,
            ("outcome", _) => list.add(None, place, subject(RequestPart::Outcome), value)?,
            ("headers", Value::Object(headers)) => {
                for (name, value) in headers {
                    let part = RequestPart::Header(name.to_lowercase());
                    list.add(None, place.key(name), subject(part), value)?;
                }
            }
            ("json", Value::Object(fields)) => {
                for (path, value) in fields {
                    let place = place.key(path);
                    let part = RequestPart::Json(json_path(path, &place)?);
                    list.add(None, place, subject(part), value)?;
                }
            }
            (word, _) => return Err(Mistake::new(&place, format!("`{word}` wants a mapping"))),
        }
    }
    Ok(())
}

/// A matcher: a word, a mapping with exactly one matcher's word, or a literal.
pub(super) fn matcher(value: &Value, place: &Place) -> Parsed<Matcher> {
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
fn stream(events: &Value, place: &Place) -> Parsed<Matcher> {
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

fn json_path(text: &str, place: &Place) -> Parsed<JsonPath> {
    JsonPath::parse(text).map_err(|reason| Mistake::new(place, reason))
}

fn known_keys(fields: &Map<String, Value>, known: &[&str], place: &Place) -> Parsed<()> {
    match fields.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Mistake::unknown(&place.key(key), "key", key, known)),
        None => Ok(()),
    }
}

fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

fn last_line(error: &regex::Error) -> String {
    error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
