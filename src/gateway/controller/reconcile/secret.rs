//! Credentials for backends.

use crate::gateway::{
    controller::resource::{Secret, SecretRef, Snapshot},
    table::{AwsKey, BackendAuth, ObjectName},
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
    const KNOWN: [&str; 5] = ["key", "secretRef", "passthrough", "location", "aws"];
    if let Some(field) = auth.keys().find(|field| !KNOWN.contains(&field.as_str())) {
        return Err(NoCredential::Unimplemented(field.clone()));
    }
    if let Some(aws) = auth.get("aws") {
        return aws_key(aws, namespace, snapshot).map(Some);
    }
    let key = match (auth.get("key").and_then(Value::as_str), auth.get("secretRef")) {
        (Some(key), _) => key.to_owned(),
        (None, Some(reference)) => from_secret(reference, namespace, snapshot).map_err(NoCredential::Missing)?,
        (None, None) => return Ok(auth.get("passthrough").map(|_| BackendAuth::Passthrough)),
    };
    located(key, auth.get("location")).map(Some)
}

/// A key where `location` says.
fn located(key: String, location: Option<&Value>) -> Result<BackendAuth, NoCredential> {
    let Some(location) = location else { return Ok(BackendAuth::Key(key)) };
    let header = location["header"]["name"].as_str().map(str::to_owned);
    let Some(header) = header else { return Err(NoCredential::Unimplemented("location".to_owned())) };
    let prefix = location["header"]["prefix"].as_str().unwrap_or_default().to_owned();
    Ok(BackendAuth::KeyIn { header, prefix, key })
}

/// Keys of AWS in a Secret; without one the real gateway asks its surroundings, which the reference gateway has not.
fn aws_key(aws: &Value, namespace: &str, snapshot: &Snapshot) -> Result<BackendAuth, NoCredential> {
    let Some(name) = aws["secretRef"]["name"].as_str() else {
        let field = if aws.get("assumeRole").is_some() { "aws.assumeRole" } else { "aws without secretRef" };
        return Err(NoCredential::Unimplemented(field.to_owned()));
    };
    let secret = find(snapshot, namespace, name).map_err(NoCredential::Missing)?;
    let entry = |entry: &str| {
        let missing = || NoCredential::Missing(format!("secret {namespace}/{name} missing {entry} value"));
        secret.text(entry).ok_or_else(missing)
    };
    let text = |field: &str| aws[field].as_str().map(str::to_owned);
    Ok(BackendAuth::Aws(AwsKey {
        access: entry("accessKey")?,
        secret: entry("secretKey")?,
        session: secret.text("sessionToken"),
        region: text("region"),
        service: text("serviceName"),
    }))
}

/// Reads the entry `Authorization` without a leading `Bearer `, or the named entry as it is.
fn from_secret(reference: &Value, namespace: &str, snapshot: &Snapshot) -> Result<String, String> {
    let reference = SecretRef::deserialize(reference).map_err(|error| error.to_string())?;
    let secret = find(snapshot, namespace, &reference.name)?;
    let entry = reference.key.as_deref().unwrap_or("Authorization");
    let Some(text) = secret.text(entry) else {
        return Err(format!("secret {namespace}/{} missing {entry} value", reference.name));
    };
    let key = if reference.key.is_some() { text.as_str() } else { text.strip_prefix("Bearer ").unwrap_or(&text) };
    Ok(key.to_owned())
}
