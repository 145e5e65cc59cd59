//! Whether a status must be written, and with which times.

use serde_json::{Map, Value};

/// What must be written so that the live status becomes the desired one, or `None` where nothing must.
///
/// The answer holds the top-level fields that differ; a `null` in `desired` asks for a field to go away. Conditions get
/// `lastTransitionTime`: that of the live condition while its status is the same, else `now`.
pub fn settle(live: &Value, desired: &Value, now: &str) -> Option<Value> {
    let desired = desired.as_object()?;
    let mut patch = Map::new();
    for (field, wanted) in desired {
        let there = live.get(field).unwrap_or(&Value::Null);
        let stamped = stamp(field, wanted, there, now);
        if stamped != *there {
            patch.insert(field.clone(), stamped);
        }
    }
    (!patch.is_empty()).then_some(Value::Object(patch))
}

fn stamp(field: &str, wanted: &Value, there: &Value, now: &str) -> Value {
    match wanted {
        Value::Array(items) => items.iter().map(|item| stamp_item(field, item, there, now)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), stamp(name, value, &there[name], now))).collect()
        }
        other => other.clone(),
    }
}

/// An item of a list has its counterpart by what names it in that list.
fn stamp_item(list: &str, item: &Value, there: &Value, now: &str) -> Value {
    let names: &[&str] = match list {
        "conditions" => &["type"],
        "listeners" => &["name"],
        "parents" => &["parentRef", "controllerName"],
        "ancestors" => &["ancestorRef", "controllerName"],
        _ => return item.clone(),
    };
    let same = |known: &&Value| names.iter().all(|name| known[*name] == item[*name]);
    let counterpart = there.as_array().and_then(|items| items.iter().find(same)).unwrap_or(&Value::Null);
    if list == "conditions" { stamp_condition(item, counterpart, now) } else { stamp("", item, counterpart, now) }
}

fn stamp_condition(condition: &Value, there: &Value, now: &str) -> Value {
    let mut stamped = condition.clone();
    if stamped.get("lastTransitionTime").is_some() {
        return stamped;
    }
    let kept = there["lastTransitionTime"].as_str().filter(|_| there["status"] == condition["status"]);
    stamped["lastTransitionTime"] = kept.unwrap_or(now).into();
    if stamped.get("lastUpdateTime").is_some() {
        let kept = there["lastUpdateTime"].as_str().filter(|_| there["status"] == condition["status"]);
        stamped["lastUpdateTime"] = kept.unwrap_or(now).into();
    }
    stamped
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn status(state: &str, time: Option<&str>) -> Value {
        let mut condition = json!({"type": "Accepted", "status": state, "reason": "R", "message": ""});
        if let Some(time) = time {
            condition["lastTransitionTime"] = time.into();
        }
        json!({"parents": [{"parentRef": {"name": "gw"}, "controllerName": "c", "conditions": [condition]}]})
    }

    #[test]
    fn what_is_there_is_not_written_again() {
        assert_eq!(settle(&status("True", Some("then")), &status("True", None), "now"), None);
        assert_eq!(settle(&json!({}), &json!({"addresses": null}), "now"), None);
    }

    #[test]
    fn only_a_change_of_status_moves_the_time() {
        let flipped = settle(&status("True", Some("then")), &status("False", None), "now").unwrap();
        assert_eq!(flipped["parents"][0]["conditions"][0]["lastTransitionTime"], "now");

        let mut reworded = status("True", None);
        reworded["parents"][0]["conditions"][0]["message"] = "other".into();
        let reworded = settle(&status("True", Some("then")), &reworded, "now").unwrap();
        assert_eq!(reworded["parents"][0]["conditions"][0]["lastTransitionTime"], "then");
    }
}
