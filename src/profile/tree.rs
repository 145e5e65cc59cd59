//! A YAML document in which every key and value knows its place, for mistakes that are not a matter of types.

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Location, Spanned};
use std::fmt;

/// A value and its place.
#[derive(Debug, Clone)]
pub(super) struct Node {
    pub at: Location,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Scalar(serde_json::Value),
    List(Vec<Node>),
    Map(Vec<(Spanned<String>, Node)>),
}

impl Node {
    /// The value under a path: keys by name, items of a list by number.
    pub fn find(&self, path: &[&str]) -> Option<&Node> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        match &self.kind {
            Kind::Map(entries) => entries.iter().find(|(key, _)| key.value == *first)?.1.find(rest),
            Kind::List(items) => items.get(first.parse::<usize>().ok()?)?.find(rest),
            Kind::Scalar(_) => None,
        }
    }

    /// The first key of that name, at any depth.
    pub fn key_named(&self, name: &str) -> Option<Location> {
        match &self.kind {
            Kind::Scalar(_) => None,
            Kind::List(items) => items.iter().find_map(|item| item.key_named(name)),
            Kind::Map(entries) => entries.iter().find_map(|(key, value)| {
                (key.value == name).then_some(key.referenced).or_else(|| value.key_named(name))
            }),
        }
    }

    /// The place of a key within the map under a path.
    pub fn key_at(&self, path: &[&str], name: &str) -> Option<Location> {
        match &self.find(path)?.kind {
            Kind::Map(entries) => entries.iter().find(|(key, _)| key.value == name).map(|(key, _)| key.referenced),
            _ => None,
        }
    }

    /// The innermost value of all that begin at a place.
    pub fn starting_at(&self, line: u64, column: u64) -> Option<&Node> {
        let inner = match &self.kind {
            Kind::Scalar(_) => None,
            Kind::List(items) => items.iter().find_map(|item| item.starting_at(line, column)),
            Kind::Map(entries) => entries.iter().find_map(|(_, value)| value.starting_at(line, column)),
        };
        inner.or_else(|| (self.at.line() == line && self.at.column() == column).then_some(self))
    }

    /// The value without places.
    pub fn value(&self) -> serde_json::Value {
        match &self.kind {
            Kind::Scalar(value) => value.clone(),
            Kind::List(items) => items.iter().map(Node::value).collect(),
            Kind::Map(entries) => entries.iter().map(|(key, value)| (key.value.clone(), value.value())).collect(),
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Kind>::deserialize(deserializer)?;
        Ok(Self { at: spanned.referenced, kind: spanned.value })
    }
}

impl<'de> Deserialize<'de> for Kind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KindVisitor)
    }
}

struct KindVisitor;

impl<'de> Visitor<'de> for KindVisitor {
    type Value = Kind;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Kind, E> {
        Ok(Kind::Scalar(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Kind, E> {
        Ok(Kind::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Kind, E> {
        Ok(Kind::Scalar(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Kind, E> {
        Ok(Kind::Scalar(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Kind, E> {
        Ok(Kind::Scalar(value.into()))
    }

    fn visit_unit<E>(self) -> Result<Kind, E> {
        Ok(Kind::Scalar(serde_json::Value::Null))
    }

    fn visit_none<E>(self) -> Result<Kind, E> {
        Ok(Kind::Scalar(serde_json::Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Kind, D::Error> {
        Kind::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Kind, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Kind::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Kind, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            map.push(entry);
        }
        Ok(Kind::Map(map))
    }
}
