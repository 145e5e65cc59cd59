//! All checks of a machine, side by side.

use super::{Check, Group, Verdict, folder, host, machine, tools};
use crate::host::OllamaQuestion;
use crate::process::{DockerEnvironment, Tool};
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
}

/// Looks at the machine; ends within seconds whatever hangs, and changes nothing that lasts.
pub async fn doctor(options: &DoctorOptions) -> Vec<Group> {
    let state_dir = &options.state_dir;
    let (docker, port, kind, helm, kubectl, orbstack, ollama, writable, space) = tokio::join!(
        within("docker", machine::docker(&options.docker)),
        within("port", machine::port(options.gateway)),
        within("kind", tools::tool(Tool::Kind)),
        within("helm", tools::tool(Tool::Helm)),
        within("kubectl", tools::tool(Tool::Kubectl)),
        within("orbstack", tools::orbstack()),
        within("ollama", host::ollama(options.ollama.as_ref())),
        within("state", folder::writable(state_dir)),
        within("disk", folder::space(state_dir)),
    );
    vec![
        Group { name: "machine", checks: vec![docker, port] },
        Group { name: "tools", checks: vec![kind, helm, kubectl, orbstack] },
        Group { name: "host", checks: vec![ollama] },
        Group { name: "state", checks: vec![writable, space] },
    ]
}

/// Whether no provider at all could work here: the state of a sandbox has to be written somewhere.
pub fn nothing_would_work(groups: &[Group]) -> bool {
    groups.iter().flat_map(|group| &group.checks).any(|check| check.verdict == Verdict::Error)
}

async fn within(title: &'static str, check: impl Future<Output = Check>) -> Check {
    match timeout(DEADLINE, check).await {
        Ok(check) => check,
        Err(_) => Check::skipped(title, format!("no answer within {} s", DEADLINE.as_secs())),
    }
}
