//! Credentials for backends.

use crate::gateway::{
    controller::resource::{Secret, SecretRef, Snapshot},
    table::{BackendAuth, ObjectName},
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// Why there is no credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum NoCredential {
    /// The Secret or its entry is missing, in the real controller's words.
    Missing(String),
    /// The reference gateway does not do this field of `auth`.
    Unimplemented(String),
}

/// A Secret in a namespace.
pub(super) fn find<'a>(snapshot: &'a Snapshot, namespace: &str, name: &str) -> Result<&'a Secret, String> {
    let key = ObjectName { namespace: namespace.to_owned(), name: name.to_owned() };
    snapshot.secrets.get(&key).ok_or_else(|| format!("secret {key} not found"))
}

/// What `auth` of a backend or policy in this namespace says.
pub(super) fn credential(
    auth: &Map<String, Value>,
    namespace: &str,
    snapshot: &Snapshot,
) -> Result<Option<BackendAuth>, NoCredential> {
    const KNOWN: [&str; 3] = ["key", "secretRef", "passthrough"];
    if let Some(field) = auth.keys().find(|field| !KNOWN.contains(&field.as_str())) {
        return Err(NoCredential::Unimplemented(field.clone()));
    }
    if let Some(key) = auth.get("key").and_then(Value::as_str) {
        return Ok(Some(BackendAuth::Key(key.to_owned())));
    }
    if let Some(reference) = auth.get("secretRef") {
        return from_secret(reference, namespace, snapshot).map(Some).map_err(NoCredential::Missing);
    }
    Ok(auth.get("passthrough").map(|_| BackendAuth::Passthrough))
}

/// Reads the entry `Authorization` without a leading `Bearer `, or the named entry as it is.
fn from_secret(reference: &Value, namespace: &str, snapshot: &Snapshot) -> Result<BackendAuth, String> {
    let reference = SecretRef::deserialize(reference).map_err(|error| error.to_string())?;
    let secret = find(snapshot, namespace, &reference.name)?;
    let entry = reference.key.as_deref().unwrap_or("Authorization");
    let Some(text) = secret.text(entry) else {
        return Err(format!("secret {namespace}/{} missing {entry} value", reference.name));
    };
    let key = if reference.key.is_some() { text.as_str() } else { text.strip_prefix("Bearer ").unwrap_or(&text) };
    Ok(BackendAuth::Key(key.to_owned()))
}
