//! Credentials for registries that the user has stored with `docker login` or `helm registry login`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use oci_client::secrets::RegistryAuth;
use std::collections::BTreeMap;
use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

/// Stored credentials by registry. Those that a credential helper keeps are not asked for.
#[derive(Clone, Default)]
pub struct Logins(BTreeMap<String, (String, String)>);

/// Says whose credentials there are, never the credentials.
impl fmt::Debug for Logins {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.0.keys()).finish()
    }
}

impl Logins {
    /// What Docker and Helm have stored; those of Helm win.
    pub fn from_env() -> Self {
        let home = etcetera::home_dir().ok();
        let said = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let below = |path: &str| home.as_ref().map(|home| home.join(path));
        let helm = said("HELM_REGISTRY_CONFIG")
            .or_else(|| said("HELM_CONFIG_HOME").map(|folder| folder.join("registry/config.json")))
            .or_else(|| below(".config/helm/registry/config.json"));
        let docker = said("DOCKER_CONFIG").or_else(|| below(".docker")).map(|folder| folder.join("config.json"));
        let mut all = Self::default();
        for file in [docker, helm].into_iter().flatten() {
            all.0.extend(Self::from_file(&file).0);
        }
        all
    }

    /// What one file has; one that cannot be read has nothing.
    pub fn from_file(file: &Path) -> Self {
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let config: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let entries = config.get("auths").and_then(serde_json::Value::as_object).into_iter().flatten();
        let read = |(registry, entry): (&String, &serde_json::Value)| {
            let bytes = STANDARD.decode(entry.get("auth")?.as_str()?).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            let (name, password) = text.split_once(':')?;
            Some((host_of(registry), (name.to_owned(), password.to_owned())))
        };
        Self(entries.filter_map(read).collect())
    }

    pub(super) fn for_registry(&self, registry: &str) -> Option<RegistryAuth> {
        self.0.get(registry).map(|(name, password)| RegistryAuth::Basic(name.clone(), password.clone()))
    }
}

/// Docker writes its own hub as a URL.
fn host_of(registry: &str) -> String {
    let host = registry.split_once("://").map_or(registry, |(_, rest)| rest);
    match host.split('/').next().unwrap_or_default() {
        "index.docker.io" => "docker.io".to_owned(),
        host => host.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::Logins;

    #[test]
    fn credentials_are_read_and_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.json");
        std::fs::write(&file, r#"{"auths": {"https://index.docker.io/v1/": {"auth": "bWU6c2VjcmV0"}, "x.test": {}}}"#)
            .unwrap();
        let logins = Logins::from_file(&file);
        assert!(logins.for_registry("docker.io").is_some() && logins.for_registry("x.test").is_none());
        assert!(!format!("{logins:?}").contains("secret"));
    }
}
