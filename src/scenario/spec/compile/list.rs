//! Expectations as they are gathered, by release where they differ.

use super::{super::mistake::Parsed, super::place::Place, super::release::ReleaseRange, matcher::matcher};
use crate::scenario::expect::{Expectation, Matcher, Subject};
use indexmap::IndexMap;
use serde_json::{Map, Value};

/// An expectation with the releases that it holds for; `None`: all.
pub(in crate::scenario::spec) type Versioned = (Option<ReleaseRange>, Expectation);

/// Expectations in the order in which they are judged.
#[derive(Default)]
pub(super) struct List(pub Vec<Versioned>);

impl List {
    /// Adds what a value says, or what it says for each release.
    pub fn add(&mut self, range: Option<ReleaseRange>, place: Place, subject: Subject, value: &Value) -> Parsed<()> {
        if let Some(versions) = versions(value) {
            for (range, key, value) in versions {
                let place = place.key(key);
                self.push(Some(range), place.clone(), subject.clone(), matcher(value, &place)?);
            }
            return Ok(());
        }
        let matcher = matcher(value, &place)?;
        self.push(range, place, subject, matcher);
        Ok(())
    }

    /// Adds an expectation.
    pub fn push(&mut self, range: Option<ReleaseRange>, place: Place, subject: Subject, matcher: Matcher) {
        self.0.push((range, Expectation { place, subject, matcher }));
    }
}

/// The values of a mapping from releases to values; `None`: it is none.
pub(super) fn versions(value: &Value) -> Option<Vec<(ReleaseRange, &str, &Value)>> {
    let fields = value.as_object().filter(|fields| !fields.is_empty())?;
    fields.iter().map(|(key, value)| Some((ReleaseRange::parse(key)?, key.as_str(), value))).collect()
}

/// One entry of a mapping, with its releases and its place.
pub(super) type Entry<'v> = (Option<ReleaseRange>, Place, &'v str, &'v Value);

/// The entries of a mapping; those under a release are of that release.
pub(super) fn entries<'v>(fields: &'v IndexMap<String, Value>, place: &Place) -> Vec<Entry<'v>> {
    fields.iter().flat_map(|(name, value)| entry(None, name, value, place)).collect()
}

/// The same of a JSON mapping that belongs to some releases.
pub(super) fn entries_of<'v>(
    range: Option<ReleaseRange>,
    fields: &'v Map<String, Value>,
    place: &Place,
) -> Vec<Entry<'v>> {
    fields.iter().flat_map(|(name, value)| entry(range, name, value, place)).collect()
}

fn entry<'v>(range: Option<ReleaseRange>, name: &'v str, value: &'v Value, place: &Place) -> Vec<Entry<'v>> {
    let here = place.key(name);
    match (ReleaseRange::parse(name), value) {
        (Some(range), Value::Object(fields)) => {
            fields.iter().map(|(name, value)| (Some(range), here.key(name), name.as_str(), value)).collect()
        }
        _ => vec![(range, here, name, value)],
    }
}
