//! Whether this machine can make kind clusters.

use crate::{
    event::Refusal,
    process::{Docker, DockerEnvironment, Tool, ToolError, connect_docker, find_tool},
    provider::ProviderName,
};
use miette::Diagnostic;
use std::path::PathBuf;

/// What making kind clusters needs, found on this machine.
#[derive(Debug, Clone)]
pub struct KindMachine {
    /// Docker, or Podman under Docker's API, which is untested.
    pub docker: Docker,
    /// The tool `kind`.
    pub kind: PathBuf,
}

/// Finds what kind needs; a refusal names all that is missing, under the id of the first.
pub async fn kind_machine(environment: &DockerEnvironment) -> Result<KindMachine, Refusal> {
    let (docker, kind, client) =
        tokio::join!(connect_docker(environment), find_tool(Tool::Kind), find_tool(Tool::Docker));
    let is_podman = docker.as_ref().is_ok_and(|docker| docker.is_podman);
    match (docker, kind, client) {
        (Ok(docker), Ok(kind), client) if is_podman || works(&client) => Ok(KindMachine { docker, kind: kind.path }),
        (docker, kind, client) => {
            let problems: [Option<&dyn Diagnostic>; 3] = [
                docker.as_ref().err().map(|problem| problem as &dyn Diagnostic),
                kind.as_ref().err().map(|problem| problem as &dyn Diagnostic),
                client.as_ref().err().filter(|_| !works(&client)).map(|problem| problem as &dyn Diagnostic),
            ];
            Err(refusal(&problems.into_iter().flatten().collect::<Vec<_>>()))
        }
    }
}

/// kind calls Docker's command line, of any age.
fn works<T>(client: &Result<T, ToolError>) -> bool {
    !matches!(client, Err(ToolError::NotFound { .. } | ToolError::Silent { .. }))
}

fn refusal(problems: &[&dyn Diagnostic]) -> Refusal {
    let reasons: Vec<String> = problems.iter().map(|problem| with_hint(*problem)).collect();
    let id = problems.first().and_then(|problem| problem.code()).map(|code| code.to_string());
    Refusal { provider: ProviderName::Kind.to_string(), reason: reasons.join("; "), id }
}

/// What is wrong, with a tool's way to install it.
fn with_hint(problem: &dyn Diagnostic) -> String {
    let is_tool = problem.code().is_some_and(|code| code.to_string().starts_with("TOOL"));
    match problem.help().map(|help| help.to_string()).filter(|help| is_tool && !help.is_empty()) {
        Some(help) => format!("{problem}: {help}"),
        None => problem.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::DockerError;

    #[test]
    fn a_refusal_names_all_that_is_missing() {
        let docker = DockerError::NotThere { address: "unix:///nowhere".to_owned() };
        let tool = ToolError::NotFound { name: "kind", install: "" };
        let refusal = refusal(&[&docker, &tool]);
        assert_eq!(refusal.reason, "no Docker at unix:///nowhere; kind is not found in PATH");
        assert_eq!(refusal.id.as_deref(), Some("DOCKER-02"));
    }
}
