//! One request for a resource.

use super::fields::Owner;
use super::kind::Version;
use super::query::{FieldValidation, Query};
use super::refusal::{Answer, Refusal};
use super::target::Target;
use bytes::Bytes;
use serde_json::Value;
use std::sync::Arc;

/// One request for a resource.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub target: Target,
    pub query: Query,
    pub content_type: String,
    /// The part of `User-Agent` that stands for a field manager.
    pub agent: String,
    pub body: Bytes,
    /// Whether schemas are not looked at.
    pub lenient: bool,
}

/// What a verb answers.
#[derive(Debug)]
pub(super) struct Reply {
    pub created: bool,
    pub object: Arc<Value>,
    pub warnings: Vec<String>,
}

impl Reply {
    pub fn of(object: impl Into<Arc<Value>>) -> Self {
        Self { created: false, object: object.into(), warnings: Vec::new() }
    }
}

impl Call {
    pub fn version(&self) -> Answer<&Version> {
        self.target.schema_version().ok_or_else(Refusal::no_such_resource)
    }

    /// The owner of what a write that is not an apply changes.
    pub fn owner(&self, apply: bool) -> Owner {
        Owner {
            manager: self.query.get("fieldManager").unwrap_or(&self.agent).to_owned(),
            apply,
            api_version: self.target.api_version(),
            subresource: self.target.subresource.clone().unwrap_or_default(),
        }
    }

    pub fn dry_run(&self) -> Answer<bool> {
        self.query.dry_run(self.options())
    }

    pub fn field_validation(&self) -> Answer<FieldValidation> {
        self.query.field_validation(self.options())
    }

    /// The name that refusals give the query.
    fn options(&self) -> &'static str {
        if self.content_type.contains("patch") {
            "PatchOptions"
        } else if self.target.name.is_some() {
            "UpdateOptions"
        } else {
            "CreateOptions"
        }
    }
}
