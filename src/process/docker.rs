//! The connection to Docker.

use super::{DockerAddress, DockerEnvironment, docker_ping::ping};
use bollard::query_parameters::ListContainersOptionsBuilder;
use miette::Diagnostic;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use thiserror::Error;
use tokio::net::{TcpStream, UnixStream};
use tokio::time::timeout;

/// How long Docker may take to say who it is.
const DEADLINE: Duration = Duration::from_secs(2);

/// How long one call may take to begin its answer, in seconds; loading an image takes longest.
const CALL_SECONDS: u64 = 600;

/// Docker, after it has answered.
#[derive(Debug, Clone)]
pub struct Docker {
    /// The client.
    pub client: bollard::Docker,
    /// Where it is.
    pub address: DockerAddress,
    /// Its version, as it says it.
    pub version: String,
    /// Whether it is Podman behind Docker's API.
    pub is_podman: bool,
}

/// What Docker says of the machine that it runs on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DockerFacts {
    /// The version of cgroup, `1` or `2`.
    pub cgroup: Option<String>,
    /// Bytes of memory.
    pub memory: Option<u64>,
    /// Where it keeps images and containers.
    pub folder: Option<PathBuf>,
}

impl Docker {
    /// What it says of its machine. Takes Docker some 0.2 s; `None`: it does not answer.
    pub async fn facts(&self) -> Option<DockerFacts> {
        let info = timeout(DEADLINE, self.client.info()).await.ok()?.ok()?;
        Some(DockerFacts {
            cgroup: info.cgroup_version.map(|version| version.to_string()).filter(|version| !version.is_empty()),
            memory: info.mem_total.and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes > 0),
            folder: info.docker_root_dir.filter(|folder| !folder.is_empty()).map(PathBuf::from),
        })
    }

    /// The version of cgroup on Docker's machine, `1` or `2`, where it says it.
    pub async fn cgroup(&self) -> Option<String> {
        self.facts().await?.cgroup
    }

    /// The values of a label on all containers, running or not; `None`: it does not answer.
    pub async fn labelled(&self, label: &str) -> Option<Vec<String>> {
        let filters = HashMap::from([("label".to_owned(), vec![label.to_owned()])]);
        let options = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
        let containers = timeout(DEADLINE, self.client.list_containers(Some(options))).await.ok()?.ok()?;
        Some(containers.iter().filter_map(|one| one.labels.as_ref()?.get(label).cloned()).collect())
    }
}

/// Why Docker cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum DockerError {
    /// The context is not known.
    #[error("there is no Docker context `{name}`")]
    #[diagnostic(code("DOCKER-01"), help("docker context ls   shows those that there are; DOCKER_CONTEXT chooses one"))]
    NoContext {
        /// Its name.
        name: String,
    },

    /// Nothing is there.
    #[error("no Docker at {address}")]
    #[diagnostic(code("DOCKER-02"), help("start Docker, or say where it is: DOCKER_HOST=unix:///path/to/docker.sock"))]
    NotThere {
        /// Where it was looked for.
        address: String,
    },

    /// It is there, but not for this user.
    #[error("permission denied at {address}")]
    #[diagnostic(code("DOCKER-03"), help("sudo usermod -aG docker \"$USER\"   then log in again"))]
    Denied {
        /// Where it is.
        address: String,
    },

    /// Something is there that does not answer as Docker does.
    #[error("Docker at {address} does not answer: {reason}")]
    #[diagnostic(code("DOCKER-04"), help("docker version   shows whether Docker itself hangs; restart it if so"))]
    Silent {
        /// Where it is.
        address: String,
        /// What happened instead.
        reason: String,
    },

    /// An address that cannot be used.
    #[error("a Docker at `{address}` cannot be used")]
    #[diagnostic(code("DOCKER-05"), help("unix:///path and tcp://host:port can; ssh:// and TLS cannot"))]
    Unsupported {
        /// As it was written.
        address: String,
    },
}

/// Connects to the Docker that the environment names and waits up to 2 s for its word that it is one.
pub async fn connect_docker(environment: &DockerEnvironment) -> Result<Docker, DockerError> {
    let address = environment.address()?;
    match timeout(DEADLINE, ask(&address)).await {
        Ok(answer) => answer,
        Err(_) => Err(silent(&address, format!("nothing within {} s", DEADLINE.as_secs()))),
    }
}

async fn ask(address: &DockerAddress) -> Result<Docker, DockerError> {
    let gone = |error: io::Error| unreachable(address, &error);
    let told = |reason: String| silent(address, reason);
    let pong = match address {
        DockerAddress::Socket(path) => ping(UnixStream::connect(path).await.map_err(gone)?).await,
        DockerAddress::Tcp(host) => ping(TcpStream::connect(host).await.map_err(gone)?).await,
    };
    let pong = pong.map_err(told)?;
    let client = match address {
        DockerAddress::Socket(path) => {
            bollard::Docker::connect_with_unix(&socket(path), CALL_SECONDS, &pong.client_version())
        }
        DockerAddress::Tcp(host) => {
            bollard::Docker::connect_with_http(&format!("tcp://{host}"), CALL_SECONDS, &pong.client_version())
        }
    };
    let client = client.map_err(|error| told(error.to_string()))?;
    Ok(Docker { client, address: address.clone(), version: pong.version, is_podman: pong.is_podman })
}

fn socket(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

fn unreachable(address: &DockerAddress, error: &io::Error) -> DockerError {
    let address = address.to_string();
    match error.kind() {
        io::ErrorKind::PermissionDenied => DockerError::Denied { address },
        _ => DockerError::NotThere { address },
    }
}

fn silent(address: &DockerAddress, reason: String) -> DockerError {
    DockerError::Silent { address: address.to_string(), reason }
}
