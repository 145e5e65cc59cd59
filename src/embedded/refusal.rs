//! What the API refuses, as a Kubernetes `Status`.
//! Source of the texts: kubernetes/apimachinery `pkg/api/errors/errors.go`, seen again at a real kube-apiserver 1.34.

use super::schema::{FieldError, FieldErrorKind};
use http::StatusCode;
use serde_json::{Value, json};

/// The outcome of a verb.
pub(super) type Answer<T> = Result<T, Refusal>;

/// A refusal: everything that a `Status` of kind Failure says.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub(super) struct Refusal {
    pub code: StatusCode,
    pub reason: Option<&'static str>,
    pub message: String,
    pub details: Option<Value>,
}

impl Refusal {
    fn new(code: StatusCode, reason: &'static str, message: impl Into<String>) -> Self {
        Self { code, reason: Some(reason), message: message.into(), details: None }
    }

    fn about(mut self, group: &str, kind: &str, name: &str) -> Self {
        let mut details = serde_json::Map::new();
        for (key, value) in [("name", name), ("group", group), ("kind", kind)] {
            if !value.is_empty() {
                details.insert(key.to_owned(), value.into());
            }
        }
        self.details = Some(Value::Object(details));
        self
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "BadRequest", message)
    }

    /// 500 without a reason: what the API server makes of an unexpected error, such as an apply patch that its schema lacks.
    pub fn internal(message: impl Into<String>) -> Self {
        Self { code: StatusCode::INTERNAL_SERVER_ERROR, reason: None, message: message.into(), details: None }
    }

    pub fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "Unauthorized")
    }

    /// No such object. `resource` is the plural name.
    pub fn not_found(group: &str, resource: &str, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", qualified(group, resource));
        Self::new(StatusCode::NOT_FOUND, "NotFound", message).about(group, resource, name)
    }

    /// No such resource at all.
    pub fn no_such_resource() -> Self {
        let message = "the server could not find the requested resource";
        Self::new(StatusCode::NOT_FOUND, "NotFound", message).about("", "", "")
    }

    pub fn method_not_allowed() -> Self {
        let message = "the server does not allow this method on the requested resource";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message).about("", "", "")
    }

    /// Something that a cluster does and this API does not pretend to do.
    pub fn not_simulated(what: &str) -> Self {
        let message = format!("the embedded API does not simulate {what}: no containers run behind it");
        Self::new(StatusCode::NOT_IMPLEMENTED, "NotImplemented", message)
    }

    pub fn already_exists(group: &str, resource: &str, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", qualified(group, resource));
        Self::new(StatusCode::CONFLICT, "AlreadyExists", message).about(group, resource, name)
    }

    pub fn conflict(group: &str, resource: &str, name: &str, why: &str) -> Self {
        let message = format!("Operation cannot be fulfilled on {} \"{name}\": {why}", qualified(group, resource));
        Self::new(StatusCode::CONFLICT, "Conflict", message).about(group, resource, name)
    }

    pub fn stale(group: &str, resource: &str, name: &str) -> Self {
        let why = "the object has been modified; please apply your changes to the latest version and try again";
        Self::conflict(group, resource, name, why)
    }

    pub fn forbidden(group: &str, resource: &str, name: &str, why: &str) -> Self {
        let message = format!("{} \"{name}\" is forbidden: {why}", qualified(group, resource));
        Self::new(StatusCode::FORBIDDEN, "Forbidden", message).about(group, resource, name)
    }

    /// The resourceVersion is older than what is remembered.
    pub fn expired(message: impl Into<String>) -> Self {
        Self::new(StatusCode::GONE, "Expired", message)
    }

    /// The resourceVersion is newer than anything.
    pub fn too_new(wanted: u64, newest: u64) -> Self {
        let message = format!("Timeout: Too large resource version: {wanted}, current: {newest}");
        let mut refusal = Self::new(StatusCode::GATEWAY_TIMEOUT, "Timeout", message);
        let cause = json!({"reason": "ResourceVersionTooLarge", "message": "Too large resource version"});
        refusal.details = Some(json!({"causes": [cause], "retryAfterSeconds": 1}));
        refusal
    }

    pub fn unsupported_media_type(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType", message)
    }

    pub fn too_large(limit: usize) -> Self {
        let message = format!("the request body is larger than {limit} bytes, the limit of the embedded API");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message)
    }

    /// A JSON patch that cannot be applied.
    pub fn unprocessable() -> Self {
        let message = "the server rejected our request due to an error in our request";
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", message).about("", "", "")
    }

    /// The object breaks rules; `kind` is the Kind, not the plural.
    pub fn invalid(group: &str, kind: &str, name: &str, errors: &[FieldError]) -> Self {
        let texts: Vec<String> = errors.iter().map(ToString::to_string).collect();
        let joined = if let [one] = texts.as_slice() { one.clone() } else { format!("[{}]", texts.join(", ")) };
        let message = format!("{} \"{name}\" is invalid: {joined}", qualified(group, kind));
        let mut refusal = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Invalid", message).about(group, kind, name);
        let causes: Vec<Value> = errors
            .iter()
            .map(|error| json!({"reason": error.kind.reason(), "message": error.detail, "field": error.field}))
            .collect();
        if let Some(details) = &mut refusal.details {
            details["causes"] = causes.into();
        }
        refusal
    }

    /// One broken rule of the query or of the metadata.
    pub fn invalid_field(group: &str, kind: &str, name: &str, field: &str, why: FieldErrorKind, detail: &str) -> Self {
        let error = FieldError { kind: why, field: field.to_owned(), detail: detail.to_owned() };
        Self::invalid(group, kind, name, &[error])
    }

    /// Fields that other managers own; each conflict is `(manager as text, path)`.
    pub fn apply_conflict(conflicts: &[(String, String)]) -> Self {
        let mut message =
            format!("Apply failed with {} conflict{}: ", conflicts.len(), if conflicts.len() == 1 { "" } else { "s" });
        message.push_str(&conflict_text(conflicts));
        let causes: Vec<Value> = conflicts
            .iter()
            .map(|(manager, path)| {
                json!({"reason": "FieldManagerConflict", "message": format!("conflict with {manager}"), "field": path})
            })
            .collect();
        let mut refusal = Self::new(StatusCode::CONFLICT, "Conflict", message);
        refusal.details = Some(json!({"causes": causes}));
        refusal
    }

    /// The `Status` object.
    pub fn to_status(&self) -> Value {
        let mut status =
            json!({"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": self.message});
        if let Some(reason) = self.reason {
            status["reason"] = reason.into();
        }
        if let Some(details) = &self.details {
            status["details"] = details.clone();
        }
        status["code"] = self.code.as_u16().into();
        status
    }
}

/// One manager on one line, several managers as a list of paths each.
fn conflict_text(conflicts: &[(String, String)]) -> String {
    if let [(manager, path)] = conflicts {
        return format!("conflict with {manager}: {path}");
    }
    let mut managers: Vec<&String> = conflicts.iter().map(|(manager, _)| manager).collect();
    managers.sort();
    managers.dedup();
    let blocks: Vec<String> = managers
        .into_iter()
        .map(|manager| {
            let paths: Vec<String> =
                conflicts.iter().filter(|(who, _)| who == manager).map(|(_, path)| format!("- {path}")).collect();
            format!("conflicts with {manager}:\n{}", paths.join("\n"))
        })
        .collect();
    blocks.join("\n")
}

/// `resource.group`, or the bare resource of the core group.
pub(super) fn qualified(group: &str, resource: &str) -> String {
    if group.is_empty() { resource.to_owned() } else { format!("{resource}.{group}") }
}
