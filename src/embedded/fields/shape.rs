//! What a structural schema says about merging: which lists have keys, which values are one piece.

use super::element::Element;
use serde_json::Value;
use std::collections::BTreeMap;

/// The part of a schema that belongs to one value.
#[derive(Debug, Clone, Copy)]
pub(in crate::embedded) enum Shape<'a> {
    /// The object as a whole: `metadata` is an ObjectMeta whatever the schema says of it.
    Root(&'a Value),
    /// A value that the schema describes.
    Known(&'a Value),
    /// A value that the schema leaves free: maps are merged key by key, lists are one piece.
    Free,
}

/// How a list is merged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum ListKind<'a> {
    /// As one piece.
    Atomic,
    /// Member by member.
    Set,
    /// Item by item, told apart by these fields.
    Map(&'a [Value]),
}

impl<'a> Shape<'a> {
    fn schema(self) -> Option<&'a Value> {
        match self {
            Self::Root(schema) | Self::Known(schema) => Some(schema),
            Self::Free => None,
        }
    }

    /// The declared type, if there is one.
    pub(super) fn type_name(self) -> Option<&'a str> {
        let schema = self.schema().filter(|schema| schema["x-kubernetes-int-or-string"] != true)?;
        schema["type"].as_str()
    }

    fn is_free(self) -> bool {
        self.schema().is_none_or(|schema| {
            schema["x-kubernetes-preserve-unknown-fields"] == true || schema["additionalProperties"] == true
        })
    }

    /// Whether objects here are one piece.
    pub(super) fn atomic_map(self) -> bool {
        self.schema().is_some_and(|schema| schema["x-kubernetes-map-type"] == "atomic")
    }

    pub(super) fn list_kind(self) -> ListKind<'a> {
        let Some(schema) = self.schema() else { return ListKind::Atomic };
        match schema["x-kubernetes-list-type"].as_str() {
            Some("set") => ListKind::Set,
            Some("map") => match &schema["x-kubernetes-list-map-keys"] {
                Value::Array(keys) => ListKind::Map(keys),
                _ => ListKind::Atomic,
            },
            _ => ListKind::Atomic,
        }
    }

    /// Whether the schema has a field of this name, other than as a key of a map.
    pub(super) fn declares(self, name: &str) -> bool {
        if matches!(self, Self::Root(_)) && matches!(name, "apiVersion" | "kind" | "metadata") {
            return true;
        }
        self.schema().is_some_and(|schema| schema["properties"].get(name).is_some())
    }

    /// The shape of a field; none where the schema has no such field.
    pub(super) fn field(self, name: &str) -> Option<Self> {
        if let Self::Root(_) = self {
            match name {
                "metadata" => return Some(Self::Known(crate::embedded::builtin::object_meta())),
                "apiVersion" | "kind" => return Some(Self::Free),
                _ => {}
            }
        }
        let Some(schema) = self.schema() else { return Some(Self::Free) };
        if let Some(property) = schema["properties"].get(name) {
            return Some(Self::Known(property));
        }
        match &schema["additionalProperties"] {
            Value::Object(_) => Some(Self::Known(&schema["additionalProperties"])),
            _ if self.is_free() => Some(Self::Free),
            _ => None,
        }
    }

    /// The shape of the items of a list.
    pub(super) fn items(self) -> Self {
        match self.schema().map(|schema| &schema["items"]) {
            Some(items @ Value::Object(_)) => Self::Known(items),
            _ => Self::Free,
        }
    }

    /// The shape one step down.
    pub(super) fn below(self, element: &Element) -> Self {
        match element {
            Element::Field(name) => self.field(name).unwrap_or(Self::Free),
            _ => self.items(),
        }
    }

    /// The element that tells an item of a list that is a map apart; the error names the missing key.
    pub(super) fn key_of(self, keys: &[Value], item: &Value) -> Result<Element, String> {
        let mut found = BTreeMap::new();
        for key in keys.iter().filter_map(Value::as_str) {
            let default = || self.schema().and_then(|schema| schema["properties"][key].get("default"));
            let Some(value) = item.get(key).or_else(default) else { return Err(key.to_owned()) };
            found.insert(key.to_owned(), value.to_string());
        }
        Ok(Element::Key(found))
    }

    /// The element of an item of a list; none where the list is one piece or the item lacks its keys.
    pub(super) fn element_of(self, item: &Value) -> Option<Element> {
        match self.list_kind() {
            ListKind::Atomic => None,
            ListKind::Set => Some(Element::member(item)),
            ListKind::Map(keys) => self.items().key_of(keys, item).ok(),
        }
    }
}
