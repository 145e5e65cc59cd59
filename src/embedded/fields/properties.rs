//! Laws of server-side apply.

use super::{Managed, Owner, Shape, apply};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const FIELDS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn schema() -> Value {
    let list = json!({"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"],
        "items": {"type": "object", "properties": {"name": {"type": "string"}, "value": {"type": "integer"}}}});
    json!({"type": "object", "properties": {"data": {"type": "object", "additionalProperties": {"type": "integer"}},
        "items": list, "members": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}}}})
}

fn config(fields: &[&str], value: i64) -> Value {
    let data: Map<String, Value> = fields.iter().map(|field| ((*field).to_owned(), value.into())).collect();
    let items: Vec<Value> = fields.iter().map(|field| json!({"name": field, "value": value})).collect();
    let mut config = json!({"apiVersion": "v1", "kind": "Test", "metadata": {"name": "x"}});
    if !fields.is_empty() {
        config["data"] = data.into();
        config["items"] = items.into();
        config["members"] = json!(fields);
    }
    config
}

/// Applies, and forgets the order of lists, which depends on who came first.
fn applied(live: &Value, config: &Value, manager: &str, force: bool) -> Result<Value, Vec<(String, String)>> {
    let owner =
        Owner { manager: manager.to_owned(), apply: true, api_version: "v1".to_owned(), subresource: String::new() };
    let schema = schema();
    let managed = Managed::of(live);
    let plain = crate::embedded::write::without_owners(live);
    let outcome = apply(Shape::Root(&schema), &plain, config, managed, &owner, force, "now")?;
    let mut object = outcome.object;
    outcome.managed.write(&mut object);
    Ok(object)
}

fn content(object: &Value) -> Value {
    let mut content = crate::embedded::write::without_owners(object);
    if let Some(metadata) = content["metadata"].as_object_mut() {
        metadata.retain(|name, _| name == "name");
    }
    for list in ["items", "members"] {
        if let Some(items) = content[list].as_array_mut() {
            items.sort_by_key(ToString::to_string);
        }
    }
    content.as_object_mut().into_iter().for_each(|fields| fields.retain(|_, value| !value.is_null()));
    content
}

fn some_fields() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(FIELDS.to_vec(), 0..=FIELDS.len())
}

fn by_halves() -> impl Strategy<Value = (Vec<&'static str>, Vec<&'static str>)> {
    some_fields().prop_map(|one| {
        let other = FIELDS.into_iter().filter(|field| !one.contains(field)).collect();
        (one, other)
    })
}

proptest! {
    #[test]
    fn applying_twice_changes_nothing(before in some_fields(), fields in some_fields()) {
        let live = applied(&json!({}), &config(&before, 1), "other", false).expect("no conflict");
        let once = applied(&live, &config(&fields, 2), "one", true).expect("forced");
        let twice = applied(&once, &config(&fields, 2), "one", false).expect("no conflict");
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn what_is_no_longer_applied_goes(first in some_fields(), second in some_fields()) {
        let live = applied(&json!({}), &config(&first, 1), "one", false).expect("no conflict");
        let then = applied(&live, &config(&second, 1), "one", false).expect("no conflict");
        prop_assert_eq!(content(&then), content(&config(&second, 1)));
    }

    #[test]
    fn disjoint_managers_commute((one, two) in by_halves()) {
        let start = json!({});
        let ab = applied(&applied(&start, &config(&one, 1), "one", false).expect("free"), &config(&two, 2), "two", false);
        let ba = applied(&applied(&start, &config(&two, 2), "two", false).expect("free"), &config(&one, 1), "one", false);
        let (ab, ba) = (ab.expect("free"), ba.expect("free"));
        prop_assert_eq!(content(&ab), content(&ba));
        let rest = applied(&ab, &config(&[], 1), "one", false).expect("free");
        prop_assert_eq!(content(&rest), content(&config(&two, 2)), "only what the other manager applied is left");
    }

    #[test]
    fn what_others_own_differently_is_a_conflict(fields in some_fields()) {
        let live = applied(&json!({}), &config(&fields, 1), "one", false).expect("no conflict");
        prop_assert!(applied(&live, &config(&fields, 1), "two", false).is_ok(), "the same value is owned together");
        let conflicts = applied(&live, &config(&fields, 2), "two", false).err().unwrap_or_default();
        prop_assert_eq!(conflicts.len(), 2 * fields.len(), "each value of the map and of the list");
    }
}
