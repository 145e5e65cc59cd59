//! Whether OrbStack's cluster can be used.

use crate::{
    event::Refusal,
    process::{Tool, find_tool},
    provider::ProviderName,
};
use miette::Diagnostic;
use std::{path::Path, process::Stdio, time::Duration};
use tokio::process::Command;

/// A seam for tests: with this variable, an `orbctl` in `PATH` counts on every system. OrbStack itself exists on macOS only.
const TEST_SEAM: &str = "AGW_SANDBOX_TEST_ORBSTACK";
/// Time for an answer of `orbctl`.
const ANSWER: Duration = Duration::from_secs(5);

/// Looks whether OrbStack runs and its Kubernetes is switched on; says what to type where not, and types nothing itself.
pub async fn usable() -> Result<(), Refusal> {
    if !cfg!(target_os = "macos") && std::env::var_os(TEST_SEAM).is_none() {
        return Err(refused("only on macOS".to_owned(), None));
    }
    let tool = find_tool(Tool::Orbctl).await.map_err(|error| {
        let id = error.code().map(|code| code.to_string());
        refused(error.to_string(), id)
    })?;
    let status = ask(&tool.path, &["status"]).await;
    if !status.as_deref().is_some_and(|status| status.trim().eq_ignore_ascii_case("running")) {
        return Err(unusable("OrbStack does not run: orb start"));
    }
    let enabled = ask(&tool.path, &["config", "get", "k8s.enable"]).await;
    if !enabled.as_deref().is_some_and(|enabled| enabled.trim().ends_with("true")) {
        return Err(unusable("its Kubernetes is switched off: orb config set k8s.enable true, then orb start k8s"));
    }
    Ok(())
}

/// What `orbctl` prints; only questions are asked.
async fn ask(orbctl: &Path, question: &[&str]) -> Option<String> {
    let output = Command::new(orbctl).args(question).stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(ANSWER, output).await.ok()?.ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn unusable(reason: &str) -> Refusal {
    refused(reason.to_owned(), Some("PROVIDER-02".to_owned()))
}

fn refused(reason: String, id: Option<String>) -> Refusal {
    Refusal { provider: ProviderName::Orbstack.to_string(), reason, id }
}
