//! What is said of an object: conditions and Events; and of a burst: how many answers had which status.

use super::super::{
    mistake::{Mistake, Parsed},
    place::Place,
    release::ReleaseRange,
};
use super::{
    keys::known_keys,
    list::{List, versions},
    matcher::matcher,
};
use crate::scenario::expect::{ConditionField, JsonPath, Matcher, Subject};
use serde_json::Value;

/// What may be said of a condition.
const CONDITION: [&str; 3] = ["status", "reason", "message"];
/// What may be said of an Event.
const EVENT: [&str; 4] = ["type", "reason", "message", "count"];

pub(super) fn condition(
    range: Option<ReleaseRange>,
    kind: &str,
    value: &Value,
    place: &Place,
    list: &mut List,
) -> Parsed<()> {
    if let Some(versions) = versions(value) {
        for (range, key, value) in versions {
            condition(Some(range), kind, value, &place.key(key), list)?;
        }
        return Ok(());
    }
    let subject = |field| Subject::Condition { kind: kind.to_owned(), field };
    match value {
        Value::Object(fields) if fields.keys().any(|key| CONDITION.contains(&key.as_str())) => {
            known_keys(fields, &CONDITION, place)?;
            for (name, field) in
                CONDITION.iter().zip([ConditionField::Status, ConditionField::Reason, ConditionField::Message])
            {
                if let Some(value) = fields.get(*name) {
                    list.add(range, place.key(name), subject(field), &truth(value))?;
                }
            }
            Ok(())
        }
        value => list.add(range, place.clone(), subject(ConditionField::Status), &truth(value)),
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

/// Each entry is an Event that somebody must have told of the object.
pub(super) fn events(events: &[Value], place: &Place, list: &mut List) -> Parsed<()> {
    for (index, event) in events.iter().enumerate() {
        let place = place.index(index);
        let fields = event.as_object().filter(|fields| !fields.is_empty());
        let fields = fields.ok_or_else(|| Mistake::new(&place, "an Event is said as `{reason: …, message: …}`"))?;
        known_keys(fields, &EVENT, &place)?;
        let fields = fields.iter().map(|(name, value)| {
            let place = place.key(name);
            let path = JsonPath::parse(name).map_err(|reason| Mistake::new(&place, reason))?;
            Ok((path, matcher(value, &place)?))
        });
        let wanted = Matcher::Json(fields.collect::<Parsed<Vec<_>>>()?);
        list.push(None, place, Subject::Events, Matcher::AnyOf(Box::new(wanted)));
    }
    Ok(())
}

/// Counts by status; a status that is not named must not occur. `none` stands for no answer at all.
pub(super) fn statuses(range: Option<ReleaseRange>, value: &Value, place: &Place, list: &mut List) -> Parsed<()> {
    if let Some(versions) = versions(value) {
        for (range, key, value) in versions {
            statuses(Some(range), value, &place.key(key), list)?;
        }
        return Ok(());
    }
    let counts = value.as_object().filter(|counts| !counts.is_empty());
    let counts = counts.ok_or_else(|| {
        Mistake::new(place, "a mapping from statuses to counts is wanted here").with_help("write `{\"200\": 2}`")
    })?;
    for (status, count) in counts {
        let place = place.key(status);
        let is_status = status == "none" || status.parse::<u16>().is_ok_and(|status| (100..600).contains(&status));
        if !is_status {
            return Err(Mistake::new(&place, format!("`{status}` is not a status like `429`, nor `none`")));
        }
        list.add(range, place, Subject::StatusCount(status.clone()), count)?;
    }
    let named = counts.keys().cloned().collect();
    list.push(range, place.clone(), Subject::OtherStatuses(named), Matcher::Literal(Value::from(0)));
    Ok(())
}
