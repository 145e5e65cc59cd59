//! Every field of a built-in definition is upstream's, and every field of upstream's is there or named as lacking.

use super::exceptions::{EXCEPTIONS, Exception};
use serde_json::Value;
use std::collections::BTreeSet;

/// Keys of a schema that are compared by themselves, or are our own.
const APART: [&str; 8] = [
    "description",
    "properties",
    "items",
    "additionalProperties",
    "required",
    "x-kubernetes-validations",
    "x-agw-sandbox-lacks",
    "x-agw-sandbox-subset-of",
];

#[test]
fn every_field_is_upstreams_or_named_as_lacking() {
    let Some(real) = super::upstream() else { return };
    let mut comparison = Comparison::default();
    for (kind, definition) in super::built_in() {
        comparison.kind.clone_from(&kind);
        comparison.node(definition.raw_schema(), real[&kind].raw_schema(), "");
    }
    let unused = EXCEPTIONS.iter().filter(|exception| !comparison.used.contains(&(exception.path, exception.message)));
    comparison.differences.extend(unused.map(|exception| format!("exception without use: {exception:?}")));
    assert!(comparison.differences.is_empty(), "{:#?}", comparison.differences);
    assert!(comparison.fields > 450, "compared only {} fields", comparison.fields);
}

#[test]
fn names_versions_and_columns_are_upstreams() {
    let Some(real) = super::upstream() else { return };
    for (kind, ours) in super::built_in() {
        let real = &real[&kind].raw;
        assert_eq!(ours.raw["metadata"]["name"], real["metadata"]["name"]);
        for key in ["group", "scope", "names"] {
            assert_eq!(ours.raw["spec"][key], real["spec"][key], "{kind} {key}");
        }
        assert_eq!(versions(&ours.raw), versions(real), "{kind}");
    }
}

/// Versions without their schemas and without the prose of their columns.
fn versions(definition: &Value) -> Vec<Value> {
    let mut versions = definition["spec"]["versions"].as_array().unwrap().clone();
    for version in versions.iter_mut().map(|version| version.as_object_mut().unwrap()) {
        version.remove("schema");
        version.retain(|_, value| *value != serde_json::json!({}));
        for column in version["additionalPrinterColumns"].as_array_mut().unwrap() {
            column.as_object_mut().unwrap().remove("description");
        }
    }
    versions
}

#[derive(Default)]
struct Comparison {
    kind: String,
    fields: usize,
    differences: Vec<String>,
    used: BTreeSet<(&'static str, &'static str)>,
}

impl Comparison {
    fn node(&mut self, ours: &Value, real: &Value, path: &str) {
        self.keywords(ours, real, path);
        let lacks: BTreeSet<_> = texts(&ours["x-agw-sandbox-lacks"]);
        let (mine, theirs) = (keys(&ours["properties"]), keys(&real["properties"]));
        let missing: BTreeSet<_> = theirs.difference(&mine).cloned().collect();
        self.expect(missing == lacks, path, &format!("lacks {missing:?}, says {lacks:?}"));
        self.expect(mine.is_subset(&theirs), path, "has fields of its own");
        let required: BTreeSet<_> = texts(&real["required"]).difference(&lacks).cloned().collect();
        self.expect(texts(&ours["required"]) == required, path, "required");
        self.rules(ours, real, path, &lacks);
        for name in &mine {
            let (ours, real) = (&ours["properties"][name], &real["properties"][name]);
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            self.fields += 1;
            let description = ours["description"].as_str().unwrap_or_default();
            // The API server allows none on the metadata of an object.
            self.expect(description.is_empty() == (path == "metadata"), &path, "description");
            let theirs = real["description"].as_str();
            self.expect(theirs.is_none_or(|theirs| theirs != description), &path, "not our own description");
            self.node(ours, real, &path);
        }
        for below in ["items", "additionalProperties"] {
            match (&ours[below], &real[below]) {
                (Value::Object(_), Value::Object(_)) => self.node(&ours[below], &real[below], path),
                (ours, real) => self.expect(ours == real, path, below),
            }
        }
    }

    fn keywords(&mut self, ours: &Value, real: &Value, path: &str) {
        let every = keys(ours).union(&keys(real)).cloned().collect::<Vec<_>>();
        for key in every.iter().filter(|key| !APART.contains(&key.as_str())) {
            self.expect(ours[key] == real[key], path, &format!("{key}: {} instead of {}", ours[key], real[key]));
        }
    }

    fn rules(&mut self, ours: &Value, real: &Value, path: &str, lacks: &BTreeSet<String>) {
        let mut mine = rules(ours);
        for mut rule in rules(real) {
            let message = rule["message"].as_str().unwrap_or_default().to_owned();
            let exception = EXCEPTIONS.iter().find(|exception| exception.path == path && exception.message == message);
            let text = match exception {
                Some(Exception { instead: None, .. }) => None,
                Some(Exception { instead: Some(text), .. }) => Some((*text).to_owned()),
                None => Some(without(rule["rule"].as_str().unwrap_or_default(), lacks)),
            };
            self.used.extend(exception.map(|exception| (exception.path, exception.message)));
            let Some(text) = text else { continue };
            rule["rule"] = Value::from(text);
            match mine.iter().position(|mine| *mine == rule) {
                Some(index) => drop(mine.remove(index)),
                None => self.expect(false, path, &format!("no rule {rule}")),
            }
        }
        self.expect(mine.is_empty(), path, &format!("rules of its own: {mine:?}"));
    }

    fn expect(&mut self, holds: bool, path: &str, what: &str) {
        if !holds {
            self.differences.push(format!("{} {path}: {what}", self.kind));
        }
    }
}

/// The rules of a node, with spaces and line breaks made one.
fn rules(node: &Value) -> Vec<Value> {
    let mut rules = node["x-kubernetes-validations"].as_array().cloned().unwrap_or_default();
    for text in rules.iter_mut().flat_map(|rule| rule.as_object_mut().unwrap().values_mut()) {
        if let Some(words) = text.as_str().map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")) {
            *text = Value::from(words);
        }
    }
    rules
}

/// A rule that lists fields, without those that are lacking.
fn without(rule: &str, lacks: &BTreeSet<String>) -> String {
    lacks.iter().fold(rule.to_owned(), |rule, name| {
        let term = format!("has(self.{name})");
        let listed = rule.replace(&format!("{term},"), "").replace(&format!(",{term}"), "");
        listed.replace(&format!("{term} || "), "").replace(&format!(" || {term}"), "")
    })
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect()
}

fn texts(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}
