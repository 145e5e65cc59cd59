//! `metadata.managedFields`, read and written.

use super::element::Element;
use super::set::FieldSet;
use serde_json::{Value, json};

/// Who owns fields, and through which door.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::embedded) struct Owner {
    pub manager: String,
    /// Apply, as opposed to Update.
    pub apply: bool,
    pub api_version: String,
    pub subresource: String,
}

/// One entry of `metadata.managedFields`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub owner: Owner,
    pub time: String,
    pub set: FieldSet,
}

/// `metadata.managedFields` of one object.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::embedded) struct Managed {
    pub(super) entries: Vec<Entry>,
}

impl Managed {
    /// Reads the entries of an object.
    pub fn of(object: &Value) -> Self {
        let entries = object["metadata"]["managedFields"].as_array().into_iter().flatten().map(|entry| {
            let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
            Entry {
                owner: Owner {
                    manager: text("manager"),
                    apply: entry["operation"] == "Apply",
                    api_version: text("apiVersion"),
                    subresource: text("subresource"),
                },
                time: text("time"),
                set: FieldSet::from_json(&entry["fieldsV1"]),
            }
        });
        Self { entries: entries.collect() }
    }

    /// Writes the entries into an object, in the API server's order.
    pub fn write(mut self, object: &mut Value) {
        self.entries.retain(|entry| !entry.set.is_empty());
        if self.entries.is_empty() {
            if let Some(metadata) = object["metadata"].as_object_mut() {
                metadata.shift_remove("managedFields");
            }
            return;
        }
        self.entries.sort_by(|a, b| {
            let rank = |entry: &Entry| {
                let owner = &entry.owner;
                let door = (owner.api_version.clone(), owner.subresource.clone());
                (!owner.apply, entry.time.clone(), owner.manager.clone(), door)
            };
            rank(a).cmp(&rank(b))
        });
        let entries: Vec<Value> = self.entries.iter().map(Entry::to_json).collect();
        object["metadata"]["managedFields"] = entries.into();
    }

    pub(super) fn take(&mut self, owner: &Owner) -> Option<Entry> {
        let position = self.entries.iter().position(|entry| entry.owner == *owner)?;
        Some(self.entries.remove(position))
    }
}

impl Entry {
    fn to_json(&self) -> Value {
        let operation = if self.owner.apply { "Apply" } else { "Update" };
        let mut entry = json!({
            "manager": self.owner.manager,
            "operation": operation,
            "apiVersion": self.owner.api_version,
            "fieldsType": "FieldsV1",
            "fieldsV1": self.set.to_json(),
        });
        if !self.time.is_empty() {
            entry["time"] = self.time.clone().into();
        }
        if !self.owner.subresource.is_empty() {
            entry["subresource"] = self.owner.subresource.clone().into();
        }
        entry
    }
}

impl Owner {
    /// How conflicts name the owner: `"one"`, or `"kubectl-edit" using v1` where it did not apply.
    pub fn describe(&self) -> String {
        let subresource = match self.subresource.as_str() {
            "" => String::new(),
            name => format!(" with subresource \"{name}\""),
        };
        let using = if self.apply { String::new() } else { format!(" using {}", self.api_version) };
        format!("\"{}\"{subresource}{using}", self.manager)
    }
}

/// What nobody owns: the identity of the object and what the API itself keeps.
pub(super) fn unowned() -> FieldSet {
    let mut set = FieldSet::default();
    for name in ["apiVersion", "kind", "metadata"] {
        set.insert(&[Element::field(name)]);
    }
    let kept = [
        "name",
        "namespace",
        "creationTimestamp",
        "selfLink",
        "uid",
        "clusterName",
        "generation",
        "managedFields",
        "resourceVersion",
    ];
    for name in kept {
        set.insert(&[Element::field("metadata"), Element::field(name)]);
    }
    set
}
