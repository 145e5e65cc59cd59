//! Objects, good and bad, judged by the built-in definitions and by the real ones.

use super::{Definition, Definitions};
use agw_sandbox::embedded::schema::Schema;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Specs of one kind.
#[derive(serde::Deserialize)]
pub struct Specs {
    pub good: Vec<Value>,
    pub wrong: Vec<Value>,
}

/// What a definition says of an object.
#[derive(Debug, Default, PartialEq)]
pub struct Judgement {
    pub unknown: Vec<String>,
    pub errors: Vec<String>,
}

impl Judgement {
    pub fn is_good(&self) -> bool {
        self.unknown.is_empty() && self.errors.is_empty()
    }
}

/// The specs in `corpus.yaml`, by kind.
pub fn specs() -> BTreeMap<String, Specs> {
    serde_yaml::from_str(include_str!("corpus.yaml")).unwrap()
}

/// Judges as the API server does on create: strictly, with defaults filled in before validation.
pub fn judge(schema: &Schema, object: &Value) -> Judgement {
    let unknown = schema.unknown_fields(object).into_iter().map(|field| field.path).collect();
    let errors = schema.validate(&stored(schema, object), None).iter().map(ToString::to_string).collect();
    Judgement { unknown, errors }
}

/// The object as it would be stored.
pub fn stored(schema: &Schema, object: &Value) -> Value {
    let mut object = object.clone();
    schema.prune(&mut object);
    schema.apply_defaults(&mut object);
    object
}

#[test]
fn a_stored_object_stays_as_it_is() {
    for (kind, definition) in super::built_in() {
        let schema = definition.schema();
        for spec in specs()[&kind].good.iter().flat_map(mutations) {
            let object = stored(&schema, &definition.object(&spec));
            assert!(schema.unknown_fields(&object).is_empty(), "{kind} {spec}");
            assert_eq!(stored(&schema, &object), object, "{kind} {spec}");
        }
    }
}

#[test]
fn built_in_and_real_definitions_say_the_same() {
    let Some(real) = super::upstream() else { return };
    let mut compared = 0;
    for (kind, definition) in super::built_in() {
        let specs = &specs()[&kind];
        let (ours, theirs) = (definition.schema(), real[&kind].schema());
        let mutated = specs.good.iter().flat_map(mutations);
        for spec in specs.good.iter().chain(&specs.wrong).cloned().chain(mutated) {
            let object = definition.object(&spec);
            assert_eq!(judge(&ours, &object), judge(&theirs, &object), "{kind} {spec}");
            compared += 1;
        }
    }
    assert!(compared > 1000, "only {compared}");
}

#[test]
fn good_specs_are_good_and_wrong_ones_are_not() {
    for (kind, definition) in super::built_in() {
        let (schema, specs) = (definition.schema(), &specs()[&kind]);
        for spec in &specs.good {
            assert_eq!(judge(&schema, &definition.object(spec)), Judgement::default(), "{kind} {spec}");
        }
        for spec in &specs.wrong {
            assert!(!judge(&schema, &definition.object(spec)).is_good(), "{kind} {spec}");
        }
    }
}

#[test]
fn a_lacking_field_is_refused_with_its_reason() {
    let definitions: Definitions = super::built_in();
    let definition: &Definition = &definitions["AgentgatewayPolicy"];
    let spec = json!({"traffic": {"hostRewrite": {"mode": "Auto"}, "typo": 1, "cors": {"lax": true}}});
    let found = definition.schema().unknown_fields(&definition.object(&spec));
    let found: Vec<_> = found.iter().map(|field| (field.path.as_str(), field.lacking.as_deref())).collect();
    let reason = "the built-in definition of AgentgatewayPolicy has no `hostRewrite`; the real one (agentgateway 1.4) has: \
                  name a folder with the real CRDs";
    assert_eq!(found, [("spec.traffic.hostRewrite", Some(reason)), ("spec.traffic.typo", None)]);
}

#[test]
fn a_default_is_filled_in_as_upstream_does() {
    let definitions = super::built_in();
    let mut route = definitions["HTTPRoute"].object(&json!({"parentRefs": [{"name": "gw"}], "rules": [{}]}));
    definitions["HTTPRoute"].schema().apply_defaults(&mut route);
    assert_eq!(
        route["spec"],
        json!({
            "parentRefs": [{"name": "gw", "group": "gateway.networking.k8s.io", "kind": "Gateway"}],
            "rules": [{"matches": [{"path": {"type": "PathPrefix", "value": "/"}}]}],
        })
    );
}

/// The spec with one thing changed: each part of it left out, of a wrong type, too long, too much or not known.
fn mutations(spec: &Value) -> Vec<Value> {
    let mut places = Vec::new();
    collect_places(spec, String::new(), &mut places);
    let mut mutated = Vec::new();
    for place in places.iter().filter(|place| !place.is_empty()) {
        mutated.extend(removed(spec, place));
        let value = spec.pointer(place).unwrap();
        for other in others(value) {
            let mut changed = spec.clone();
            *changed.pointer_mut(place).unwrap() = other;
            mutated.push(changed);
        }
    }
    mutated
}

fn collect_places(value: &Value, place: String, places: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                collect_places(value, format!("{place}/{}", key.replace('~', "~0").replace('/', "~1")), places);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                collect_places(value, format!("{place}/{index}"), places);
            }
        }
        _ => {}
    }
    places.push(place);
}

fn removed(spec: &Value, place: &str) -> Option<Value> {
    let (parent, key) = place.rsplit_once('/')?;
    let mut changed = spec.clone();
    let map = changed.pointer_mut(parent)?.as_object_mut()?;
    map.remove(&key.replace("~1", "/").replace("~0", "~"))?;
    Some(changed)
}

fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::String(_) => vec![json!(5), json!(""), json!("Not Valid!"), json!("x".repeat(5000)), json!(null)],
        Value::Number(_) => vec![json!("5"), json!(-1), json!(0), json!(10_000_000), json!(1.5)],
        Value::Bool(_) => vec![json!("true")],
        Value::Array(list) => {
            let twice = list.iter().chain(list).cloned().collect();
            vec![json!([]), json!("x"), Value::Array(twice), json!([null])]
        }
        Value::Object(map) => {
            let mut more = map.clone();
            more.insert("zzz".to_owned(), json!(1));
            vec![json!({}), json!("x"), json!([]), Value::Object(more)]
        }
        Value::Null => Vec::new(),
    }
}
