//! What a sandbox was made from, for the commands that come after `up`.

use super::{Sandbox, SandboxError};
use crate::{
    provider::ProviderName,
    release,
    resolve::{PLAYED_LINE, Resolved},
};
use serde::{Deserialize, Serialize};
use std::{fs, io::Write, path::PathBuf};

/// What a sandbox was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Version of this form.
    pub schema: String,
    /// Name of the profile.
    pub profile: String,
    /// Name of the provider.
    pub provider: String,
    /// The release line.
    pub line: String,
    /// The exact release.
    pub release: String,
    /// Whether the release's own charts are installed, in contrast to the reference gateway.
    #[serde(default)]
    pub real: bool,
}

impl Record {
    /// The record of what was resolved.
    pub fn of(resolved: &Resolved) -> Self {
        Self {
            schema: "agw-sandbox/v1".to_owned(),
            profile: resolved.profile.clone(),
            provider: resolved.provider.to_string(),
            line: resolved.line.clone(),
            release: resolved.release.clone(),
            real: resolved.parts.is_some(),
        }
    }

    /// That of a sandbox which was made with the commands of a printed plan.
    pub fn by_hand() -> Self {
        let release = release::line(PLAYED_LINE).map(|line| line.newest.to_string()).unwrap_or_default();
        Self {
            schema: "agw-sandbox/v1".to_owned(),
            profile: "by hand".to_owned(),
            provider: "embedded".to_owned(),
            line: PLAYED_LINE.to_owned(),
            release,
            real: false,
        }
    }

    /// Which gateway it has, in words that cannot be mistaken: `agentgateway 1.4.1` or `reference gateway`.
    pub fn gateway(&self) -> String {
        let product = self.line.split('-').next().unwrap_or_default();
        if self.real { format!("{product} {}", self.release) } else { "reference gateway".to_owned() }
    }

    /// Who plays the release, in words.
    pub fn implementation(&self) -> &'static str {
        if self.real { "with its own charts" } else { "played by the reference gateway" }
    }

    /// The provider, if this version knows it.
    pub fn provider_name(&self) -> Option<ProviderName> {
        serde_json::from_value(self.provider.clone().into()).ok()
    }

    /// Whether something else was installed than would be now: another line, or by other means.
    pub fn differs_in_kind(&self, resolved: &Resolved) -> bool {
        self.line != resolved.line || self.real != resolved.parts.is_some()
    }

    fn path(sandbox: &Sandbox) -> PathBuf {
        sandbox.path.join("sandbox.json")
    }

    /// Reads it; `None` where there is none that makes sense.
    pub fn read(sandbox: &Sandbox) -> Option<Self> {
        serde_json::from_slice(&fs::read(Self::path(sandbox)).ok()?).ok()
    }

    /// Writes it at once as a whole, if it differs from what is there.
    pub fn write(&self, sandbox: &Sandbox) -> Result<(), SandboxError> {
        if Self::read(sandbox).as_ref() == Some(self) {
            return Ok(());
        }
        let failed = |source| SandboxError::State { path: sandbox.path.clone(), source };
        let text = serde_json::to_string_pretty(self).map_err(|error| failed(error.into()))?;
        let mut file = tempfile::NamedTempFile::new_in(&sandbox.path).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.persist(Self::path(sandbox)).map_err(|error| failed(error.error))?;
        Ok(())
    }
}
