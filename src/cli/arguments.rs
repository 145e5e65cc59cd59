//! The command line.

use super::command;
use crate::sandbox::SandboxName;
use clap::{Parser, Subcommand};

/// A local sandbox for the AI gateway agentgateway: one command to a running, verified gateway.
#[derive(Debug, Parser)]
#[command(name = "agw-sandbox", version, about, disable_help_subcommand = true, arg_required_else_help = true)]
pub struct Arguments {
    /// The sandbox to work on.
    #[arg(long, global = true, value_name = "NAME", default_value = "default", env = "AGW_SANDBOX", value_parser = name)]
    pub sandbox: SandboxName,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

fn name(text: &str) -> Result<SandboxName, String> {
    text.parse().map_err(|error: crate::sandbox::SandboxError| error.to_string())
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Bring a sandbox up and prove that its gateway works.
    Up(command::up::Up),
    /// List the sandboxes of this machine.
    List(command::list::List),
    /// Show what a sandbox is made of.
    Status(command::status::Status),
    /// Run scenarios against the gateway of a sandbox.
    Test(command::test::Test),
    /// Take a sandbox away.
    Down(command::down::Down),
    /// Show what `up` would do, without doing it.
    Plan(command::plan::Plan),
    /// Check this machine.
    Doctor(command::doctor::Doctor),
    /// Print variables for a shell: eval "$(agw-sandbox env)".
    Env(command::env::Env),
    /// Print the path of the sandbox's kubeconfig.
    Kubeconfig(command::kubeconfig::KubeconfigCommand),
    /// List or show scenarios.
    Scenarios(command::scenarios::Scenarios),
    /// List or show profiles.
    Profiles(command::profiles::Profiles),
    /// Run the mocks alone, until they are stopped.
    Mock(command::mock::Mock),
    /// Print a token of the mocks' identity provider, good or wrong on purpose.
    Token(command::token::Token),
    /// Print the CA of the mocks' certificates.
    Trust(command::trust::Trust),
    /// Show, fill or prune the cache of downloads.
    Cache(command::cache::CacheCommand),
    /// Tell the longer story of an error's id.
    Explain(command::explain::Explain),
    /// Print the built-in resource definitions of a release line.
    Definitions(command::definitions::DefinitionsCommand),
    /// Print completions for a shell.
    Completions(command::completions::Completions),
    /// Print the version.
    Version(command::version::Version),
    /// The background process of the embedded provider.
    #[command(hide = true)]
    Serve(command::serve::Serve),
    /// The background process that forwards ports into a cluster.
    #[command(hide = true)]
    Forward(command::forward::Forward),
    /// The reference gateway in a cluster.
    #[command(hide = true)]
    Gateway(command::gateway::Gateway),
}
