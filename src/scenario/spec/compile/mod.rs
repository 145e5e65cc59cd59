//! From what is written under `then` to expectations.

mod keys;
mod list;
mod matcher;
mod received;
mod status;

pub(super) use list::Versioned;

use super::{
    mistake::{Mistake, Parsed},
    place::Place,
    then::Then,
};
use crate::scenario::expect::{Metric, Subject};
use list::{List, entries, versions};
use matcher::{json_path, stream};
use serde_json::Value;

/// How a body can end.
const ENDS: [&str; 2] = ["complete", "cut"];

/// All expectations of a step in the order in which they are judged.
pub(super) fn expectations(then: &Then, place: &Place) -> Parsed<Vec<Versioned>> {
    let mut list = List::default();
    answer(then, place, &mut list)?;
    for (range, place, path, value) in entries(&then.json, &place.key("json")) {
        list.add(range, place.clone(), Subject::Json(json_path(path, &place)?), value)?;
    }
    if let Some(events) = &then.sse {
        sse(events, &place.key("sse"), &mut list)?;
    }
    for (range, place, kind, value) in entries(&then.conditions, &place.key("conditions")) {
        status::condition(range, kind, value, &place, &mut list)?;
    }
    if let Some(events) = &then.events {
        status::events(events, &place.key("events"), &mut list)?;
    }
    for (range, place, mock, value) in entries(&then.received, &place.key("received")) {
        received::received(range, mock, value, &place, &mut list)?;
    }
    observations(then, place, &mut list)?;
    Ok(list.0)
}

fn answer(then: &Then, place: &Place, list: &mut List) -> Parsed<()> {
    let single = [
        ("status", &then.status, Subject::Status),
        ("body", &then.body, Subject::Body),
        ("took", &then.took, Subject::Took),
        ("firstEvent", &then.first_event, Subject::FirstEvent),
        ("gaps", &then.gaps, Subject::Gaps),
        ("end", &then.end, Subject::End),
        ("refused", &then.refused, Subject::Refused),
    ];
    for (word, value, subject) in single {
        if let Some(value) = value {
            list.add(None, place.key(word), subject, value)?;
        }
    }
    if let Some(Value::String(end)) = &then.end
        && !ENDS.contains(&end.as_str())
    {
        return Err(Mistake::unknown(&place.key("end"), "end of a body", end, &ENDS));
    }
    if let Some(counts) = &then.statuses {
        status::statuses(None, counts, &place.key("statuses"), list)?;
    }
    for (range, place, name, value) in entries(&then.headers, &place.key("headers")) {
        list.add(range, place, Subject::Header(name.to_lowercase()), value)?;
    }
    Ok(())
}

fn sse(events: &Value, place: &Place, list: &mut List) -> Parsed<()> {
    match versions(events) {
        None => list.push(None, place.clone(), Subject::Body, stream(events, place)?),
        Some(versions) => {
            for (range, key, events) in versions {
                let place = place.key(key);
                list.push(Some(range), place.clone(), Subject::Body, stream(events, &place)?);
            }
        }
    }
    Ok(())
}

fn observations(then: &Then, place: &Place, list: &mut List) -> Parsed<()> {
    for (range, place, selector, value) in entries(&then.metrics, &place.key("metrics")) {
        let metric = Metric::parse(selector).ok_or_else(|| {
            Mistake::new(&place, format!("`{selector}` is not a metric"))
                .with_help("write `agentgateway_requests_total{status=\"200\"}`")
        })?;
        list.add(range, place, Subject::Metric(metric), value)?;
    }
    for (range, place, field, value) in entries(&then.log, &place.key("log")) {
        list.add(range, place, Subject::Log(field.to_owned()), value)?;
    }
    Ok(())
}
