//! One context out of the user's kubeconfig, which is only read.

use super::ContextError;
use crate::provider::{ProviderName, orbstack};
use kube::config::Kubeconfig;
use std::{
    io::{self, Write},
    path::{Path, PathBuf},
};

/// One context with all that belongs to it and nothing else.
#[derive(Debug, Clone)]
pub struct ContextEntry {
    /// Its name.
    pub name: String,
    /// URL of its API.
    pub api: String,
    kubeconfig: Kubeconfig,
}

impl ContextEntry {
    /// Finds a context as `kubectl` would: in the files of `KUBECONFIG`, else in `~/.kube/config`. Files that it names get
    /// absolute paths.
    ///
    /// # Errors
    /// PROVIDER-31: there is none of that name, or it leads nowhere.
    pub fn find(name: &str) -> Result<Self, ContextError> {
        let refused = |why: String, known: String| ContextError::NoSuchContext {
            context: name.to_owned(),
            source_file: source(),
            why,
            known,
        };
        let file = Kubeconfig::read().map_err(|error| refused(format!(": {error}"), "none".to_owned()))?;
        Self::within(file, name, std::env::current_dir().ok().as_deref()).map_err(|(why, known)| refused(why, known))
    }

    /// The context of a provider: OrbStack keeps a kubeconfig of its own beside the user's.
    ///
    /// # Errors
    /// As [`ContextEntry::find`].
    pub fn find_for(provider: ProviderName, name: &str) -> Result<Self, ContextError> {
        Self::find(name).or_else(|error| {
            let own = orbstack::kubeconfig().filter(|_| provider == ProviderName::Orbstack);
            own.and_then(|path| Self::find_in(&path, name)).ok_or(error)
        })
    }

    /// The same in one file.
    pub fn find_in(path: &Path, name: &str) -> Option<Self> {
        Self::within(Kubeconfig::read_from(path).ok()?, name, None).ok()
    }

    /// Names of all contexts of the user.
    pub fn known() -> String {
        Kubeconfig::read().map_or_else(|_| "none".to_owned(), |file| names(&file))
    }

    fn within(mut file: Kubeconfig, name: &str, here: Option<&Path>) -> Result<Self, (String, String)> {
        let known = names(&file);
        let wrong = |why: &str| (why.to_owned(), known.clone());
        file.contexts.retain(|context| context.name == name);
        let context = file.contexts.first().and_then(|named| named.context.clone()).ok_or_else(|| wrong(""))?;
        file.clusters.retain(|cluster| cluster.name == context.cluster);
        file.auth_infos.retain(|user| Some(&user.name) == context.user.as_ref());
        let cluster = file.clusters.first().and_then(|named| named.cluster.as_ref());
        let api = cluster.and_then(|cluster| cluster.server.clone());
        let api = api.ok_or_else(|| wrong(": its cluster has no server"))?;
        file.current_context = Some(name.to_owned());
        file.preferences = None;
        file.extensions = None;
        if let Some(here) = here {
            make_absolute(&mut file, here);
        }
        Ok(Self { name: name.to_owned(), api, kubeconfig: file })
    }

    /// As the client takes it.
    pub fn kubeconfig(&self) -> Kubeconfig {
        self.kubeconfig.clone()
    }

    /// Writes it as the sandbox's own, readable by its owner only, if it differs. Returns whether it did.
    pub(super) fn write(&self, path: &Path) -> Result<bool, ContextError> {
        let failed = |source| ContextError::Record { path: path.to_owned(), source };
        let text = serde_json::to_value(&self.kubeconfig).map_err(|error| failed(error.into()))?;
        let text = serde_yaml::to_string(&text).map_err(|error| failed(io::Error::other(error.to_string())))?;
        if std::fs::read_to_string(path).is_ok_and(|there| there == text) {
            return Ok(false);
        }
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.persist(path).map_err(|error| failed(error.error))?;
        Ok(true)
    }
}

fn names(file: &Kubeconfig) -> String {
    let names: Vec<&str> = file.contexts.iter().map(|context| context.name.as_str()).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

fn source() -> String {
    match std::env::var_os("KUBECONFIG").filter(|value| !value.is_empty()) {
        Some(value) => PathBuf::from(value).display().to_string(),
        None => "~/.kube/config".to_owned(),
    }
}

/// The reader makes paths absolute against the folder of the file, which may itself be given relative to here.
fn make_absolute(file: &mut Kubeconfig, here: &Path) {
    let absolute = |path: &mut Option<String>| {
        if let Some(text) = path.as_mut().filter(|text| Path::new(text.as_str()).is_relative()) {
            *text = here.join(text.as_str()).display().to_string();
        }
    };
    for cluster in file.clusters.iter_mut().filter_map(|named| named.cluster.as_mut()) {
        absolute(&mut cluster.certificate_authority);
    }
    for user in file.auth_infos.iter_mut().filter_map(|named| named.auth_info.as_mut()) {
        absolute(&mut user.client_certificate);
        absolute(&mut user.client_key);
        absolute(&mut user.token_file);
        if let Some(exec) = &mut user.exec
            && exec.command.as_ref().is_some_and(|command| command.contains(std::path::MAIN_SEPARATOR))
        {
            absolute(&mut exec.command);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str = "
apiVersion: v1
kind: Config
current-context: other
contexts:
- {name: other, context: {cluster: other, user: other}}
- {name: mine, context: {cluster: c, user: u, namespace: n}}
- {name: nowhere, context: {cluster: gone, user: u}}
clusters:
- {name: other, cluster: {server: 'https://other:6443'}}
- {name: c, cluster: {server: 'https://mine:6443', certificate-authority: certs/ca.crt}}
users:
- {name: other, user: {token: a-secret-of-another}}
- name: u
  user:
    exec: {apiVersion: client.authentication.k8s.io/v1, command: bin/login, args: [get-token], interactiveMode: Never,
           env: [{name: PROFILE, value: dev}]}
";

    #[test]
    fn one_context_is_taken_with_its_plugin_and_files_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config");
        std::fs::write(&path, USERS).unwrap();
        let entry = ContextEntry::find_in(&path, "mine").unwrap();
        assert_eq!(entry.api, "https://mine:6443");
        let own = folder.path().join("own");
        assert!(entry.write(&own).unwrap() && !entry.write(&own).unwrap());
        let text = std::fs::read_to_string(&own).unwrap();
        assert!(!text.contains("other") && !text.contains("a-secret-of-another"), "{text}");
        let file: serde_json::Value = serde_yaml::from_str(&text).unwrap();
        assert_eq!(file["current-context"], "mine");
        let absolute = |name: &str| folder.path().join(name).display().to_string();
        assert_eq!(file["clusters"][0]["cluster"]["certificate-authority"], absolute("certs/ca.crt"));
        assert_eq!(file["users"][0]["user"]["exec"]["command"], absolute("bin/login"));
        assert_eq!(file["users"][0]["user"]["exec"]["env"][0]["value"], "dev");
        assert_eq!(file["contexts"][0]["context"]["namespace"], "n");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), USERS);
        assert!(ContextEntry::find_in(&path, "nowhere").is_none());
    }
}
