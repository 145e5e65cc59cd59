//! A set of field paths.

use super::element::Element;
use super::shape::Shape;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A set of field paths, as a tree: what is in it here, and what is in it further down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct FieldSet {
    pub members: BTreeSet<Element>,
    pub children: BTreeMap<Element, FieldSet>,
}

impl FieldSet {
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.children.values().all(Self::is_empty)
    }

    pub fn insert(&mut self, path: &[Element]) {
        match path {
            [] => {}
            [last] => {
                self.members.insert(last.clone());
            }
            [first, rest @ ..] => self.children.entry(first.clone()).or_default().insert(rest),
        }
    }

    pub fn child(&self, element: &Element) -> Option<&Self> {
        self.children.get(element).filter(|child| !child.is_empty())
    }

    pub fn union(&self, other: &Self) -> Self {
        let mut result = self.clone();
        result.members.extend(other.members.iter().cloned());
        for (element, child) in &other.children {
            let merged = result.children.get(element).map_or_else(|| child.clone(), |mine| mine.union(child));
            result.children.insert(element.clone(), merged);
        }
        result
    }

    pub fn intersection(&self, other: &Self) -> Self {
        let members = self.members.intersection(&other.members).cloned().collect();
        let children = self
            .children
            .iter()
            .filter_map(|(element, child)| Some((element.clone(), child.intersection(other.children.get(element)?))));
        Self { members, children: children.collect() }.trimmed()
    }

    pub fn difference(&self, other: &Self) -> Self {
        let members = self.members.difference(&other.members).cloned().collect();
        let children = self.children.iter().map(|(element, child)| {
            let rest = other.children.get(element).map_or_else(|| child.clone(), |theirs| child.difference(theirs));
            (element.clone(), rest)
        });
        Self { members, children: children.collect() }.trimmed()
    }

    fn trimmed(mut self) -> Self {
        self.children.retain(|_, child| !child.is_empty());
        self
    }

    /// The same set, with every declared field on the way to a path in it as well.
    pub fn with_named_fields(&self, shape: Shape<'_>) -> Self {
        let mut result = Self { members: self.members.clone(), children: BTreeMap::new() };
        for (element, child) in &self.children {
            if let Element::Field(name) = element
                && shape.declares(name)
            {
                result.members.insert(element.clone());
            }
            let below = shape.below(element);
            result.children.insert(element.clone(), child.with_named_fields(below));
        }
        result
    }

    /// All paths, in the notation of conflicts.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.collect_paths("", &mut paths);
        paths
    }

    fn collect_paths(&self, prefix: &str, paths: &mut Vec<String>) {
        let elements: BTreeSet<&Element> = self.members.iter().chain(self.children.keys()).collect();
        for element in elements {
            let path = format!("{prefix}{element}");
            if self.members.contains(element) {
                paths.push(path.clone());
            }
            if let Some(child) = self.children.get(element) {
                child.collect_paths(&path, paths);
            }
        }
    }

    /// FieldsV1.
    pub fn to_json(&self) -> Value {
        let mut object = Map::new();
        let elements: BTreeSet<&Element> = self.members.iter().chain(self.children.keys()).collect();
        for element in elements {
            let mut below = match self.child(element).map(Self::to_json) {
                Some(Value::Object(below)) => below,
                _ => Map::new(),
            };
            if self.members.contains(element) && !below.is_empty() {
                let mut whole = Map::new();
                whole.insert(".".to_owned(), Value::Object(Map::new()));
                whole.append(&mut below);
                below = whole;
            }
            object.insert(element.to_text(), Value::Object(below));
        }
        Value::Object(object)
    }

    /// Reads FieldsV1; what is not understood is left out.
    pub fn from_json(json: &Value) -> Self {
        let mut set = Self::default();
        for (key, below) in json.as_object().into_iter().flatten() {
            let Some(element) = Element::from_text(key) else { continue };
            let empty = below.as_object().is_none_or(Map::is_empty);
            if empty || below.get(".").is_some() {
                set.members.insert(element.clone());
            }
            let child = Self::from_json(below);
            if !child.is_empty() {
                set.children.insert(element, child);
            }
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn fields_v1_is_read_and_written_alike() {
        let fields = json!({"f:data": {".": {}, "f:a": {}}, "f:items": {"k:{\"name\":\"x\",\"port\":80}": {"f:v": {}},
            "v:\"s\"": {}}});
        assert_eq!(FieldSet::from_json(&fields).to_json(), fields);
    }

    #[test]
    fn sets_are_an_algebra() {
        let set = |json| FieldSet::from_json(&json);
        let all = set(json!({"f:a": {".": {}, "f:b": {}, "f:c": {}}}));
        let some = set(json!({"f:a": {"f:b": {}}}));
        assert_eq!(all.difference(&some).to_json(), json!({"f:a": {".": {}, "f:c": {}}}));
        assert_eq!(all.intersection(&some), some);
        assert_eq!(all.union(&some), all);
        assert!(all.difference(&all).is_empty());
        assert_eq!(all.paths(), [".a", ".a.b", ".a.c"]);
    }
}
