//! API keys of clients.

use super::secret;
use crate::gateway::{
    controller::resource::{ApiKeyAuthentication, Secret, Snapshot},
    table::{ApiKey, ApiKeyAuth, ApiKeySecret},
};
use serde::Deserialize;

/// API keys as a policy asks for them, and what is wrong with them. What is wrong never lets anybody in.
#[derive(Debug, Default)]
pub(super) struct ApiKeys {
    /// Who passes.
    pub(super) auth: Option<ApiKeyAuth>,
    /// Mistakes, in the real controller's words.
    pub(super) problems: Vec<String>,
    /// Fields that the reference gateway does not do.
    pub(super) unimplemented: Vec<String>,
}

/// An entry of a Secret in its long form.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Entry {
    key: String,
    key_hash: String,
    metadata: Option<serde_json::Value>,
}

/// Reads the keys that `apiKeyAuthentication` of a policy in this namespace names.
pub(super) fn read(spec: &ApiKeyAuthentication, namespace: &str, snapshot: &Snapshot) -> ApiKeys {
    let mut found = ApiKeys::default();
    let mut keys = Vec::new();
    for secret in secrets(spec, namespace, snapshot, &mut found.problems) {
        for name in secret.data.keys() {
            match entry(secret, name) {
                Ok(key) => keys.push(key),
                Err(problem) => found
                    .problems
                    .push(format!("secret {} contains invalid key {name}: {problem}", secret.metadata.name)),
            }
        }
    }
    found.unimplemented.extend(spec.other.keys().map(|field| format!("apiKeyAuthentication.{field}")));
    if spec.mode.as_deref() == Some("Permissive") {
        found.unimplemented.push("apiKeyAuthentication.mode Permissive".to_owned());
    }
    let header = header(spec, &mut found.unimplemented);
    found.auth = Some(ApiKeyAuth { optional: spec.mode.as_deref() == Some("Optional"), keys, header });
    found
}

fn secrets<'a>(
    spec: &ApiKeyAuthentication,
    namespace: &str,
    snapshot: &'a Snapshot,
    problems: &mut Vec<String>,
) -> Vec<&'a Secret> {
    if let Some(selector) = &spec.secret_selector {
        let here = snapshot.secrets.values().filter(|secret| secret.metadata.namespace == namespace);
        return here.filter(|secret| selector.matches(&secret.metadata.labels)).collect();
    }
    let Some(reference) = &spec.secret_ref else { return Vec::new() };
    match secret::find(snapshot, namespace, &reference.name) {
        Ok(secret) => vec![secret],
        Err(problem) => {
            problems.push(problem);
            Vec::new()
        }
    }
}

/// A raw key, or JSON with `key` or `keyHash`.
fn entry(secret: &Secret, name: &str) -> Result<ApiKey, String> {
    let text = secret.text(name).ok_or("no UTF-8 text")?;
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err("empty value".to_owned());
    }
    if !trimmed.starts_with('{') {
        return Ok(ApiKey { secret: ApiKeySecret::Plain(text), metadata: None });
    }
    let entry: Entry = serde_json::from_str(trimmed).map_err(|error| error.to_string())?;
    if entry.key.is_empty() == entry.key_hash.is_empty() {
        return Err("exactly one of key or keyHash must be set".to_owned());
    }
    let metadata = entry.metadata.map(|metadata| metadata.to_string());
    if !entry.key.is_empty() {
        return Ok(ApiKey { secret: ApiKeySecret::Plain(entry.key), metadata });
    }
    let digest = entry.key_hash.strip_prefix("sha256:").ok_or("keyHash must use the sha256:<hex> format")?;
    let bytes =
        hex::decode(digest).map_err(|error| format!("keyHash must contain a valid sha256 hex digest: {error}"))?;
    if bytes.len() != 32 {
        return Err("keyHash sha256 digest must decode to 32 bytes".to_owned());
    }
    Ok(ApiKey { secret: ApiKeySecret::Sha256(hex::encode(bytes)), metadata })
}

/// The header to read instead of `authorization`.
fn header(spec: &ApiKeyAuthentication, unimplemented: &mut Vec<String>) -> Option<String> {
    let location = spec.location.as_ref()?.as_object()?;
    for field in location.keys().filter(|field| *field != "header") {
        unimplemented.push(format!("apiKeyAuthentication.location.{field}"));
    }
    let header = location.get("header")?;
    if header["prefix"].as_str().is_some_and(|prefix| !prefix.is_empty()) {
        unimplemented.push("apiKeyAuthentication.location.header.prefix".to_owned());
    }
    header["name"].as_str().map(str::to_ascii_lowercase)
}
