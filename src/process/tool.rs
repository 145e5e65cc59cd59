//! Programs of others that some providers need.

use miette::Diagnostic;
use semver::Version;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use thiserror::Error;
use tokio::process::Command;

/// How long a tool may take to say its version.
const DEADLINE: Duration = Duration::from_secs(3);

/// A program of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tool {
    /// Clusters in Docker.
    Kind,
    /// Charts.
    Helm,
    /// The command line of Kubernetes; for people, the sandbox itself does not need it.
    Kubectl,
    /// The command line of Docker.
    Docker,
    /// The command line of OrbStack.
    Orbctl,
}

impl Tool {
    /// The executable's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Helm => "helm",
            Self::Kubectl => "kubectl",
            Self::Docker => "docker",
            Self::Orbctl => "orbctl",
        }
    }

    /// What it is needed for.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Kind => "needed for `--provider kind`",
            Self::Helm => "needed for agentgateway charts on a real cluster",
            Self::Kubectl => "handy to look into a sandbox, never needed by it",
            Self::Docker => "needed by kind, which calls it",
            Self::Orbctl => "needed for `--provider orbstack`",
        }
    }

    /// The command that installs it, or where to read how.
    pub fn how_to_install(self) -> &'static str {
        match self {
            Self::Kind => "`brew install kind`, or https://kind.sigs.k8s.io/docs/user/quick-start/#installation",
            Self::Helm => "`brew install helm`, or https://helm.sh/docs/intro/install/",
            Self::Kubectl => "`brew install kubectl`, or https://kubernetes.io/docs/tasks/tools/",
            Self::Docker => "https://docs.docker.com/engine/install/",
            Self::Orbctl => "`brew install orbstack`",
        }
    }

    /// The oldest version that is good enough. Sources: kgateway and agentgateway document Helm 3.12; kind reads
    /// registry mirrors from `certs.d` without a patch from 0.27 on (`facts/lifecycle.md` A.1, D.3).
    pub fn floor(self) -> Version {
        match self {
            Self::Kind => Version::new(0, 27, 0),
            Self::Helm => Version::new(3, 12, 0),
            Self::Kubectl => Version::new(1, 29, 0),
            Self::Docker => Version::new(20, 10, 0),
            Self::Orbctl => Version::new(1, 0, 0),
        }
    }

    fn question(self) -> &'static [&'static str] {
        match self {
            Self::Kind | Self::Orbctl => &["version"],
            Self::Helm => &["version", "--short"],
            Self::Kubectl => &["version", "--client"],
            Self::Docker => &["--version"],
        }
    }
}

/// A tool that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundTool {
    /// Which one.
    pub tool: Tool,
    /// Where.
    pub path: PathBuf,
    /// Its version.
    pub version: Version,
}

/// Why a tool cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum ToolError {
    /// It does not say a version.
    #[error("{name} at {} does not answer: {reason}", path.display())]
    #[diagnostic(code("TOOL-01"), help("try it by hand: {} version", path.display()))]
    Silent {
        /// Its name.
        name: &'static str,
        /// Where it is.
        path: PathBuf,
        /// What happened instead.
        reason: String,
    },

    /// It is too old.
    #[error("{name} {version} is too old, {floor} is the oldest that works")]
    #[diagnostic(code("TOOL-02"), help("{install}"))]
    TooOld {
        /// Its name.
        name: &'static str,
        /// Its version.
        version: Box<Version>,
        /// The oldest that is good enough.
        floor: Box<Version>,
        /// How to install it.
        install: &'static str,
    },

    /// It is not in `PATH`.
    #[error("{name} is not found in PATH")]
    #[diagnostic(code("TOOL-03"), help("{install}"))]
    NotFound {
        /// Its name.
        name: &'static str,
        /// How to install it.
        install: &'static str,
    },
}

/// Versions that tools have said to this process, by their files as these were then.
static SAID: Mutex<BTreeMap<(PathBuf, SystemTime), Version>> = Mutex::new(BTreeMap::new());

/// Looks for a tool in `PATH` and asks for its version, for 3 s at most; once as long as its file stays as it is.
pub async fn find_tool(tool: Tool) -> Result<FoundTool, ToolError> {
    let path = which::which(tool.name())
        .map_err(|_| ToolError::NotFound { name: tool.name(), install: tool.how_to_install() })?;
    let key = path.metadata().and_then(|file| file.modified()).ok().map(|modified| (path.clone(), modified));
    let said = key.as_ref().and_then(|key| SAID.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned());
    if let Some(version) = said {
        return Ok(FoundTool { tool, path, version });
    }
    let found = ask(tool, path).await?;
    if let Some(key) = key {
        SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(key, found.version.clone());
    }
    Ok(found)
}

async fn ask(tool: Tool, path: PathBuf) -> Result<FoundTool, ToolError> {
    let silent = |reason: String| ToolError::Silent { name: tool.name(), path: path.clone(), reason };
    let output = Command::new(&path).args(tool.question()).stdin(Stdio::null()).kill_on_drop(true).output();
    let output = match tokio::time::timeout(DEADLINE, output).await {
        Ok(Ok(output)) => output,
        Ok(Err(error)) => return Err(silent(error.to_string())),
        Err(_) => return Err(silent(format!("no answer within {} s", DEADLINE.as_secs()))),
    };
    let said = String::from_utf8_lossy(&output.stdout);
    let version = version_in(&said).ok_or_else(|| silent("it says no version".to_owned()))?;
    if version < tool.floor() {
        let (name, floor, install) = (tool.name(), tool.floor(), tool.how_to_install());
        let (version, floor) = (Box::new(version), Box::new(floor));
        return Err(ToolError::TooOld { name, version, floor, install });
    }
    Ok(FoundTool { tool, path, version })
}

/// The first word that is a version, with or without a `v`.
fn version_in(text: &str) -> Option<Version> {
    text.split(|letter: char| letter.is_whitespace() || letter == ',')
        .map(|word| word.strip_prefix('v').unwrap_or(word))
        .find_map(|word| Version::parse(word).ok())
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn every_tool_says_its_version_in_its_own_way() {
        for (said, version) in [
            ("kind v0.33.0 go1.27.2 linux/amd64", "0.33.0"),
            ("v4.2.4", "4.2.4"),
            ("v3.20.2+g1a2b3c4", "3.20.2+g1a2b3c4"),
            ("Client Version: v1.34.4\nKustomize Version: v5.7.1", "1.34.4"),
            ("Docker version 28.2.2, build e6534b4", "28.2.2"),
            ("Version: 2.0.1 (2000100)\nCommit: 0000", "2.0.1"),
        ] {
            assert_eq!(version_in(said).unwrap().to_string(), version);
        }
        assert_eq!(version_in("command not understood"), None);
    }
}
