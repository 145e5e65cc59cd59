//! All checks of a machine, side by side.

use super::{Check, Group, Verdict, docker, folder, host, inotify, port, proxies, tools};
use crate::host::OllamaQuestion;
use crate::process::{DockerEnvironment, Tool};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::time::timeout;

/// How long one check may take: longer than everything that it waits for.
const DEADLINE: Duration = Duration::from_secs(6);

/// What is looked at.
#[derive(Debug, Clone)]
pub struct DoctorOptions {
    /// The folder of all state; need not exist yet.
    pub state_dir: PathBuf,
    /// Where the gateway would listen.
    pub gateway: SocketAddr,
    /// The Ollama of the profile; none: the profile has none.
    pub ollama: Option<OllamaQuestion>,
    /// Where Docker may be.
    pub docker: DockerEnvironment,
    /// Variables that may name proxies, see [`super::proxy_variables`].
    pub proxies: BTreeMap<String, String>,
    /// Where the kernel tells its limits: `/proc`.
    pub proc: PathBuf,
}

/// Looks at the machine; ends within seconds whatever hangs, and changes nothing that lasts.
pub async fn doctor(options: &DoctorOptions) -> Vec<Group> {
    let state_dir = &options.state_dir;
    let (docker, inotify, proxies, port) = tokio::join!(
        docker_within(options),
        within("inotify", inotify::inotify(&options.proc)),
        within("proxies", proxies::proxies(&options.proxies)),
        within("port", port::port(options.gateway)),
    );
    let (kind, helm, kubectl, client, orbstack, ollama, writable, space) = tokio::join!(
        within("kind", tools::tool(Tool::Kind)),
        within("helm", tools::tool(Tool::Helm)),
        within("kubectl", tools::tool(Tool::Kubectl)),
        within("docker cli", tools::docker()),
        within("orbstack", tools::orbstack()),
        within("ollama", host::ollama(options.ollama.as_ref())),
        within("state", folder::writable(state_dir)),
        within("disk", folder::space(state_dir)),
    );
    vec![
        Group { name: "machine", checks: docker.into_iter().chain([inotify, proxies, port]).collect() },
        Group { name: "tools", checks: vec![kind, helm, client, kubectl, orbstack] },
        Group { name: "host", checks: vec![ollama] },
        Group { name: "state", checks: vec![writable, space] },
    ]
}

/// Whether no provider at all could work here: the state of a sandbox has to be written somewhere.
pub fn nothing_would_work(groups: &[Group]) -> bool {
    groups.iter().flat_map(|group| &group.checks).any(|check| check.verdict == Verdict::Error)
}

async fn docker_within(options: &DoctorOptions) -> Vec<Check> {
    let asking = docker::docker(&options.docker, &options.state_dir);
    let late = || vec![Check::skipped("docker", format!("no answer within {} s", DEADLINE.as_secs()))];
    timeout(DEADLINE, asking).await.unwrap_or_else(|_| late())
}

async fn within(title: &'static str, check: impl Future<Output = Check>) -> Check {
    match timeout(DEADLINE, check).await {
        Ok(check) => check,
        Err(_) => Check::skipped(title, format!("no answer within {} s", DEADLINE.as_secs())),
    }
}
