//! What is said of requests that a mock received.

use super::super::{
    mistake::{Mistake, Parsed},
    place::Place,
    release::ReleaseRange,
};
use super::{
    keys::{known_keys, listed},
    list::{List, entries_of, versions},
    matcher::{MATCHERS, json_path},
};
use crate::scenario::expect::{RequestPart, Subject, Which};
use serde_json::{Map, Value};

/// What may be said of requests that a mock received.
const RECEIVED: [&str; 4] = ["count", "first", "last", "each"];
/// What may be said of one such request.
const REQUEST: [&str; 6] = ["method", "path", "headers", "json", "body", "outcome"];

/// A count, or a mapping with a count and with parts of requests; or either by release.
pub(super) fn received(
    range: Option<ReleaseRange>,
    mock: &str,
    value: &Value,
    place: &Place,
    list: &mut List,
) -> Parsed<()> {
    if let Some(versions) = versions(value) {
        for (range, key, value) in versions {
            received(Some(range), mock, value, &place.key(key), list)?;
        }
        return Ok(());
    }
    let count = Subject::Count { mock: mock.to_owned() };
    let Value::Object(fields) = value else { return list.add(range, place.clone(), count, value) };
    if fields.keys().any(|key| MATCHERS.contains(&key.as_str())) {
        return list.add(range, place.clone(), count, value);
    }
    known_keys(fields, &RECEIVED, place)?;
    if let Some(value) = fields.get("count") {
        list.add(range, place.key("count"), count, value)?;
    }
    for (word, which) in [("first", Which::First), ("last", Which::Last), ("each", Which::Each)] {
        let place = place.key(word);
        match fields.get(word) {
            None => {}
            Some(Value::Object(request)) => Request { mock, which }.parts(range, request, &place, list)?,
            Some(_) => return Err(Mistake::new(&place, format!("`{word}` wants {}", listed(&REQUEST)))),
        }
    }
    Ok(())
}

struct Request<'a> {
    mock: &'a str,
    which: Which,
}

impl Request<'_> {
    fn subject(&self, part: RequestPart) -> Subject {
        Subject::Received { mock: self.mock.to_owned(), which: self.which, part }
    }

    fn parts(
        &self,
        range: Option<ReleaseRange>,
        request: &Map<String, Value>,
        place: &Place,
        list: &mut List,
    ) -> Parsed<()> {
        if let Some(versions) = versions(&Value::Object(request.clone())) {
            for (range, key, value) in versions {
                let place = place.key(key);
                let fields = value.as_object();
                let fields = fields.ok_or_else(|| Mistake::new(&place, "a mapping is wanted here"))?;
                self.parts(Some(range), fields, &place, list)?;
            }
            return Ok(());
        }
        known_keys(request, &REQUEST, place)?;
        for (word, value) in request {
            self.part(range, word, value, place.key(word), list)?;
        }
        Ok(())
    }

    fn part(
        &self,
        range: Option<ReleaseRange>,
        word: &str,
        value: &Value,
        place: Place,
        list: &mut List,
    ) -> Parsed<()> {
        let part = match (word, value) {
            ("method", _) => RequestPart::Method,
            ("path", _) => RequestPart::Path,
            ("body", _) => RequestPart::Body,
            ("outcome", _) => RequestPart::Outcome,
            ("headers", Value::Object(headers)) => {
                for (range, place, name, value) in entries_of(range, headers, &place) {
                    list.add(range, place, self.subject(RequestPart::Header(name.to_lowercase())), value)?;
                }
                return Ok(());
            }
            ("json", Value::Object(fields)) => {
                for (range, place, path, value) in entries_of(range, fields, &place) {
                    let part = RequestPart::Json(json_path(path, &place)?);
                    list.add(range, place, self.subject(part), value)?;
                }
                return Ok(());
            }
            (word, _) => return Err(Mistake::new(&place, format!("`{word}` wants a mapping"))),
        };
        list.add(range, place, self.subject(part), value)
    }
}
