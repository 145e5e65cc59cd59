//! Programs that some providers need; none is needed by `embedded`.

use super::{Check, Verdict};
use crate::process::{Tool, find_tool};

/// One tool. What is missing decides which providers can be used, so it is never more than a warning.
pub(super) async fn tool(tool: Tool) -> Check {
    match find_tool(tool).await {
        Ok(found) => Check::ok(tool.name(), found.version.to_string()).seen("path", found.path.display()),
        Err(problem) => {
            let check = Check::problem(tool.name(), Verdict::Warning, &problem);
            let fix = check.fix.as_ref().map(|fix| format!("{}; {fix}", tool.purpose()));
            Check { fix, ..check }
        }
    }
}

/// Docker's command line, which kind calls.
pub(super) async fn docker() -> Check {
    Check { title: "docker cli", ..tool(Tool::Docker).await }
}

/// OrbStack, which there is for macOS only.
pub(super) async fn orbstack() -> Check {
    if !cfg!(target_os = "macos") {
        return Check::skipped("orbstack", "only on macOS");
    }
    Check { title: "orbstack", ..tool(Tool::Orbctl).await }
}
