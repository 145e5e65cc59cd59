//! What can go wrong with a sandbox as a whole.

use crate::{
    cluster::ClusterError, execute::ExecuteError, plan::PlanError, profile::ProfileError, provider::ProviderError,
    resolve::ResolveError, scenario::ScenarioError,
};
use miette::Diagnostic;
use std::{io, path::PathBuf};
use thiserror::Error;

/// What can go wrong with a sandbox as a whole.
#[derive(Debug, Error, Diagnostic)]
pub enum SandboxError {
    /// The name cannot be that of a sandbox.
    #[error("`{name}` cannot be the name of a sandbox")]
    #[diagnostic(
        code("USAGE-01"),
        help("use lower-case letters, digits and `-`, begin with a letter, 40 characters at most")
    )]
    BadName {
        /// The name.
        name: String,
    },

    /// There is no such sandbox.
    #[error("sandbox {name} is not up")]
    #[diagnostic(code("SANDBOX-01"), help("agw-sandbox up{option}"))]
    NotUp {
        /// Its name.
        name: String,
        /// The option that names it.
        option: String,
    },

    /// Another run works on it.
    #[error("another run holds sandbox {name}: {holder}")]
    #[diagnostic(code("SANDBOX-02"), help("wait until it has ended, or work on another one: --sandbox NAME"))]
    Held {
        /// Its name.
        name: String,
        /// Who holds it.
        holder: String,
    },

    /// The state directory cannot be used.
    #[error("the state directory {} cannot be used", path.display())]
    #[diagnostic(code("SANDBOX-03"), help("make it writable, or set AGW_SANDBOX_HOME to a folder that is"))]
    State {
        /// The directory.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },

    /// Nobody knows where home is.
    #[error("there is no home directory for the state of sandboxes")]
    #[diagnostic(code("SANDBOX-04"), help("set HOME or AGW_SANDBOX_HOME"))]
    NoHome,

    /// The run took longer than the user allows.
    #[error("not done within {seconds} s, as --timeout demands")]
    #[diagnostic(code("EXECUTE-06"), help("`agw-sandbox up` goes on where it stopped"))]
    TimedOut {
        /// The time in seconds.
        seconds: u64,
    },

    /// The gateway does not take the mutant.
    #[error("the gateway does not take mutant `{name}`: {why}")]
    #[diagnostic(code("USAGE-02"), help("a name from that list; a gateway that is not the reference has no mutants"))]
    Mutant {
        /// Its name.
        name: String,
        /// Why not, and which there are.
        why: String,
    },

    /// A gateway that is no sandbox's cannot be tested.
    #[error("{what} is of no use: {why}")]
    #[diagnostic(
        code("USAGE-05"),
        help("a gateway that is not ours needs its URL, the kubeconfig of its cluster and the admin URL of its mocks")
    )]
    External {
        /// What is not as it should be.
        what: String,
        /// Why.
        why: String,
    },

    /// The profile is wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Profile(#[from] ProfileError),

    /// The wish cannot be resolved.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Resolve(#[from] ResolveError),

    /// The provider failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Provider(#[from] ProviderError),

    /// No plan can be made.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Plan(#[from] PlanError),

    /// The plan could not be executed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Execute(Box<ExecuteError>),

    /// The Kubernetes API failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Cluster(#[from] ClusterError),

    /// A scenario is wrong or is not there.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Scenario(#[from] ScenarioError),
}

/// What others say in it is long; errors of the sandbox itself stay small.
impl From<ExecuteError> for SandboxError {
    fn from(error: ExecuteError) -> Self {
        Self::Execute(Box::new(error))
    }
}
