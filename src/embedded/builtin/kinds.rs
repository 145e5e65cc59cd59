//! The built-in kinds.

use crate::embedded::kind::{Column, Kind, LazySchema, SchemaSource, Version};
use serde::Deserialize;
use std::sync::OnceLock;

const KINDS: &str = include_str!("kinds.yaml");

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    group: String,
    kind: String,
    plural: String,
    singular: Option<String>,
    list: Option<String>,
    #[serde(default)]
    short: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    #[serde(default)]
    cluster: bool,
    #[serde(default)]
    status: bool,
    #[serde(default)]
    generation: bool,
    #[serde(default)]
    review: bool,
    #[serde(default)]
    nameless: bool,
    #[serde(default)]
    columns: Vec<String>,
}

fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| serde_yaml::from_str(KINDS).unwrap_or_default())
}

/// Whether objects of a built-in kind count their generations.
pub(in crate::embedded) fn keeps_generation(group: &str, kind: &str) -> bool {
    entries().iter().any(|entry| entry.generation && entry.group == group && entry.kind == kind)
}

/// All built-in kinds.
pub(in crate::embedded) fn kinds() -> Vec<Kind> {
    entries().iter().map(Entry::to_kind).collect()
}

impl Entry {
    fn to_kind(&'static self) -> Kind {
        let mut columns = Vec::new();
        if !self.nameless {
            columns.push(column("Name", "string", "name", 0, ".metadata.name"));
        }
        columns.extend(self.columns.iter().map(|text| read_column(text)));
        let version = Version {
            name: "v1".to_owned(),
            status: self.status,
            review: self.review,
            columns,
            deprecation: None,
            schema: LazySchema::new(SchemaSource::Builtin { group: &self.group, kind: self.kind.clone() }),
        };
        Kind {
            group: self.group.clone(),
            kind: self.kind.clone(),
            list_kind: self.list.clone().unwrap_or_else(|| format!("{}List", self.kind)),
            plural: self.plural.clone(),
            singular: self.singular.clone().unwrap_or_else(|| self.kind.to_lowercase()),
            short_names: self.short.clone(),
            categories: self.categories.clone(),
            namespaced: !self.cluster,
            custom: false,
            versions: vec![version],
        }
    }
}

fn column(name: &str, column_type: &str, format: &str, priority: i64, path: &str) -> Column {
    Column {
        name: name.to_owned(),
        column_type: column_type.to_owned(),
        format: format.to_owned(),
        description: String::new(),
        priority,
        path: path.to_owned(),
    }
}

/// `Name:type=path`, `+Name=path` for wide output, or `Age`.
fn read_column(text: &str) -> Column {
    let (name, path) = text.split_once('=').unwrap_or((text, "@age"));
    let (name, column_type) = name.split_once(':').unwrap_or((name, "string"));
    let (name, priority) = name.strip_prefix('+').map_or((name, 0), |name| (name, 1));
    column(name, column_type, "", priority, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_are_read() {
        assert!(kinds().len() > 25);
        assert!(keeps_generation("apps", "Deployment"));
        assert!(!keeps_generation("", "ConfigMap"));
    }
}
