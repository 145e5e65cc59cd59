//! `agw-sandbox env`.

use crate::{
    cli::{Exit, Failure},
    report::print_data,
    sandbox::{Home, SandboxName, status},
};

/// Print variables for a shell: eval "$(agw-sandbox env)".
#[derive(Debug, clap::Args)]
pub struct Env {}

impl Env {
    /// Runs the command.
    pub async fn run(self, name: SandboxName) -> Result<Exit, Failure> {
        let status = status(&Home::find()?.sandbox(name)).await?;
        let mut variables = Vec::new();
        if let Some(url) = status.url() {
            variables.push(("AGW_SANDBOX_URL", url.to_owned()));
            if let Some(mcp) = status.mcp_url() {
                variables.push(("AGW_SANDBOX_MCP_URL", mcp));
            }
        }
        variables.push(("KUBECONFIG", status.kubeconfig.clone()));
        let lines: Vec<String> =
            variables.iter().map(|(name, value)| format!("export {name}={}", quoted(value))).collect();
        print_data(&lines.join("\n"));
        Ok(Exit::Ok)
    }
}

/// A value in single quotes, safe in any POSIX shell.
fn quoted(value: &str) -> String {
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_quote_in_a_path_does_not_end_the_value() {
        assert_eq!(super::quoted("/home/o'neil"), r"'/home/o'\''neil'");
    }
}
