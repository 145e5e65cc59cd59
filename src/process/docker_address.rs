//! Where Docker is, as its own command line finds it.

use super::DockerError;
use sha2::{Digest, Sha256};
use std::env;
use std::fmt;
use std::path::{Path, PathBuf};

/// What decides where Docker is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DockerEnvironment {
    /// `DOCKER_HOST`.
    pub host: Option<String>,
    /// `DOCKER_CONTEXT`.
    pub context: Option<String>,
    /// `DOCKER_CONFIG`, or `~/.docker`.
    pub config: Option<PathBuf>,
    /// Sockets to look for where nothing else is said, the likeliest first.
    pub sockets: Vec<PathBuf>,
}

impl DockerEnvironment {
    /// From the environment of this process.
    pub fn from_env() -> Self {
        let said = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
        let home = etcetera::home_dir().ok();
        let under_home = |path: &str| home.as_ref().map(|home| home.join(path));
        let sockets = [
            Some(PathBuf::from("/var/run/docker.sock")),
            under_home(".orbstack/run/docker.sock"),
            under_home(".docker/run/docker.sock"),
            under_home(".colima/default/docker.sock"),
            said("XDG_RUNTIME_DIR").map(|folder| Path::new(&folder).join("docker.sock")),
            said("XDG_RUNTIME_DIR").map(|folder| Path::new(&folder).join("podman/podman.sock")),
        ];
        Self {
            host: said("DOCKER_HOST"),
            context: said("DOCKER_CONTEXT"),
            config: said("DOCKER_CONFIG").map(PathBuf::from).or_else(|| under_home(".docker")),
            sockets: sockets.into_iter().flatten().collect(),
        }
    }

    /// `DOCKER_HOST`, else `DOCKER_CONTEXT`, else the current context of the configuration, else the first of the
    /// usual sockets that exists, else the first of them.
    pub fn address(&self) -> Result<DockerAddress, DockerError> {
        if let Some(host) = &self.host {
            return DockerAddress::parse(host);
        }
        if let Some(context) = self.context.clone().or_else(|| self.current_context()).filter(|name| name != "default")
        {
            return DockerAddress::parse(&self.host_of_context(&context)?);
        }
        let usual = self.sockets.iter().find(|path| path.exists()).or_else(|| self.sockets.first());
        Ok(DockerAddress::Socket(usual.cloned().unwrap_or_else(|| PathBuf::from("/var/run/docker.sock"))))
    }

    fn current_context(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.config.as_ref()?.join("config.json")).ok()?;
        let config: serde_json::Value = serde_json::from_str(&text).ok()?;
        config.get("currentContext")?.as_str().filter(|name| !name.is_empty()).map(str::to_owned)
    }

    /// Docker keeps a context in a folder named by the SHA-256 of its name.
    fn host_of_context(&self, name: &str) -> Result<String, DockerError> {
        let folder = hex::encode(Sha256::digest(name.as_bytes()));
        let file = self.config.as_deref().map(|config| config.join("contexts/meta").join(folder).join("meta.json"));
        let host = file
            .and_then(|file| std::fs::read_to_string(file).ok())
            .and_then(|text| serde_json::from_str::<serde_json::Value>(&text).ok())
            .and_then(|meta| meta.pointer("/Endpoints/docker/Host")?.as_str().map(str::to_owned));
        host.ok_or_else(|| DockerError::NoContext { name: name.to_owned() })
    }
}

/// Where Docker is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DockerAddress {
    /// A socket file.
    Socket(PathBuf),
    /// `host:port` without TLS.
    Tcp(String),
}

impl DockerAddress {
    /// Reads `unix:///path`, `tcp://host:port` or `http://host:port`.
    pub fn parse(text: &str) -> Result<Self, DockerError> {
        let unsupported = || DockerError::Unsupported { address: text.to_owned() };
        let (scheme, rest) = text.split_once("://").ok_or_else(unsupported)?;
        match scheme {
            "unix" if rest.starts_with('/') => Ok(Self::Socket(PathBuf::from(rest))),
            "tcp" | "http" if !rest.is_empty() => Ok(Self::Tcp(rest.trim_end_matches('/').to_owned())),
            _ => Err(unsupported()),
        }
    }
}

impl fmt::Display for DockerAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Socket(path) => write!(formatter, "unix://{}", path.display()),
            Self::Tcp(host) => write!(formatter, "tcp://{host}"),
        }
    }
}
