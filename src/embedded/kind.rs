//! What the API knows of one kind of object.

use super::schema::{Schema, SchemaError};
use serde_json::Value;
use std::sync::{Arc, OnceLock};

/// Names one kind of object: `(group, plural)`.
pub(super) type KindId = (String, String);

/// One kind of object, built in or defined by a CustomResourceDefinition.
#[derive(Debug)]
pub(super) struct Kind {
    pub group: String,
    pub kind: String,
    pub list_kind: String,
    pub plural: String,
    pub singular: String,
    pub short_names: Vec<String>,
    pub categories: Vec<String>,
    pub namespaced: bool,
    /// Defined by a CustomResourceDefinition.
    pub custom: bool,
    /// Served versions, the preferred one first.
    pub versions: Vec<Version>,
}

/// One version of a kind.
#[derive(Debug)]
pub(super) struct Version {
    pub name: String,
    pub status: bool,
    /// Verbs beside the usual eight are refused; `create` alone marks reviews.
    pub review: bool,
    pub columns: Vec<Column>,
    /// Printed as a warning to everyone who uses the version.
    pub deprecation: Option<String>,
    pub schema: LazySchema,
}

/// A column of a server-side table.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub name: String,
    /// `string`, `integer`, `number`, `boolean` or `date`.
    pub column_type: String,
    pub format: String,
    pub description: String,
    pub priority: i64,
    pub path: String,
}

/// Where the schema of a version is found.
#[derive(Debug)]
pub(super) enum SchemaSource {
    /// In the CustomResourceDefinition, at this index of `spec.versions`.
    Definition(Arc<Value>, usize),
    /// In the built-in data.
    Builtin { group: &'static str, kind: String },
}

/// A schema that is expanded and compiled when it is first needed.
#[derive(Debug)]
pub(super) struct LazySchema {
    source: SchemaSource,
    raw: OnceLock<Value>,
    compiled: OnceLock<Result<Schema, SchemaError>>,
}

static NOTHING: Value = Value::Null;

impl LazySchema {
    pub fn new(source: SchemaSource) -> Self {
        Self { source, raw: OnceLock::new(), compiled: OnceLock::new() }
    }

    /// The structural schema.
    pub fn raw(&self) -> &Value {
        match &self.source {
            SchemaSource::Definition(definition, index) => {
                definition.pointer(&format!("/spec/versions/{index}/schema/openAPIV3Schema")).unwrap_or(&NOTHING)
            }
            SchemaSource::Builtin { group, kind } => self.raw.get_or_init(|| super::builtin::schema_of(group, kind)),
        }
    }

    /// The compiled schema, or why it does not compile.
    pub fn compiled(&self) -> Result<&Schema, &SchemaError> {
        self.compiled.get_or_init(|| Schema::compile(self.raw())).as_ref()
    }
}

impl Kind {
    pub fn id(&self) -> KindId {
        (self.group.clone(), self.plural.clone())
    }

    pub fn version(&self, name: &str) -> Option<&Version> {
        self.versions.iter().find(|version| version.name == name)
    }

    /// `group/version` or `version`.
    pub fn api_version(&self, version: &str) -> String {
        if self.group.is_empty() { version.to_owned() } else { format!("{}/{version}", self.group) }
    }

    /// `plural.group`, the name of a CustomResourceDefinition.
    pub fn qualified(&self) -> String {
        super::refusal::qualified(&self.group, &self.plural)
    }

    /// Whether this is the built-in kind `group`/`plural`.
    pub fn is(&self, group: &str, plural: &str) -> bool {
        self.group == group && self.plural == plural
    }
}
