//! What can go wrong while a plan is executed.

use crate::{
    chart::{ChartError, HelmError},
    cluster::ClusterError,
    forward::ForwardError,
    image::ImageError,
    plan::CycleError,
    process::{DockerError, ToolError},
    provider::ProviderError,
    resolve::ResolveError,
};
use miette::Diagnostic;
use thiserror::Error;

/// What can go wrong while a plan is executed.
#[derive(Debug, Error, Diagnostic)]
pub enum ExecuteError {
    /// The provider failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Provider(#[from] ProviderError),

    /// The Kubernetes API failed, or a wait did.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Cluster(#[from] ClusterError),

    /// A chart or a bundle cannot be had any more.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Chart(#[from] ChartError),

    /// Helm failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Helm(#[from] HelmError),

    /// A tool is gone.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Tool(#[from] ToolError),

    /// A chart does not bring what its line is known for.
    #[error("chart {chart} does not bring {wanted}")]
    #[diagnostic(
        code("INSTALL-01"),
        help(
            "of that kind it brings: {instead}. A chart of this line has exactly that name; is it a build of something else, or do its values rename it (`nameOverride`, `fullnameOverride`)?"
        )
    )]
    NotBrought {
        /// The chart.
        chart: String,
        /// What is missing.
        wanted: String,
        /// What of that kind is there.
        instead: String,
    },

    /// The definitions cannot be read any more.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Definitions(#[from] ResolveError),

    /// Docker does not answer.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Docker(#[from] DockerError),

    /// An image could not be built or loaded.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Image(#[from] ImageError),

    /// A port cannot be forwarded.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Forward(#[from] ForwardError),

    /// The program's own file is not what it was.
    #[error("the program's own file cannot be used: {why}")]
    #[diagnostic(code("EXECUTE-07"), help("run the command again"))]
    Program {
        /// Why not.
        why: String,
    },

    /// Objects of others are in the way on a shared cluster.
    #[error("the cluster has what cannot be used as it is, and is not ours to change:\n  {conflicts}")]
    #[diagnostic(
        code("SHARED-01"),
        help(
            "nothing was changed. Let its owner bring it to what is wanted, choose a release that fits (--release), or use a cluster of the sandbox's own: --provider kind"
        )
    )]
    Conflicts {
        /// One a line: the object, what it is, what is wanted.
        conflicts: String,
    },

    /// Something of ours does not go.
    #[error("{object} did not go within {seconds} s{}{held_by}", if held_by.is_empty() { "" } else { ": " })]
    #[diagnostic(
        code("SHARED-02"),
        help("what must act on a finalizer may be gone; `agw-sandbox down` goes on where it stopped")
    )]
    Stays {
        /// Kind, namespace and name.
        object: String,
        /// The deadline in seconds.
        seconds: u64,
        /// Its finalizers, and what the cluster says of it.
        held_by: String,
    },

    /// The plan makes no sense.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Plan(#[from] CycleError),

    /// A step needs something that an earlier one should have left.
    #[error("step {step} began before {what} was known")]
    #[diagnostic(code("EXECUTE-01"), help("this is a bug in agw-sandbox"))]
    NotYet {
        /// The step.
        step: String,
        /// What is missing.
        what: &'static str,
    },

    /// A step came to its deadline.
    #[error("step {step} was not done within {seconds} s; last seen: {last}")]
    #[diagnostic(
        code("EXECUTE-02"),
        help("`agw-sandbox up` goes on where it stopped; `--timeout` gives the whole run more time")
    )]
    TimedOut {
        /// The step.
        step: String,
        /// Its deadline in seconds.
        seconds: u64,
        /// What it waited for, as it was seen last.
        last: String,
    },

    /// The user ended it.
    #[error("interrupted")]
    #[diagnostic(
        code("EXECUTE-03"),
        help("`agw-sandbox up` goes on where it stopped, `agw-sandbox down` takes all away")
    )]
    Interrupted,

    /// The journal cannot be written.
    #[error("the journal cannot be written: {why}")]
    #[diagnostic(code("EXECUTE-05"), help("is the state directory writable? agw-sandbox doctor"))]
    Journal {
        /// Why not.
        why: String,
    },

    /// The variable of a credential is gone.
    #[error("the variable {variable} is not set")]
    #[diagnostic(code("EXECUTE-04"), help("export it and run `agw-sandbox up` again"))]
    NoSuchVariable {
        /// The variable.
        variable: String,
    },

    /// The gateway has no address that works from here.
    #[error("Gateway {gateway} has no address on this machine: {why}")]
    #[diagnostic(
        code("GATEWAY-01"),
        help("a port that is in use is the usual cause: `ss -ltnp`; or choose another one with --port")
    )]
    NoAddress {
        /// The Gateway.
        gateway: String,
        /// Why not.
        why: String,
    },

    /// Requests were not answered.
    #[error("the gateway did not answer {wanted} requests in a row: {last}")]
    #[diagnostic(code("TRAFFIC-01"), help("the log of the sandbox tells more: agw-sandbox status"))]
    NoTraffic {
        /// How many were wanted.
        wanted: u32,
        /// The last answer.
        last: String,
    },

    /// A mock could not be told how to behave.
    #[error("mock {mock} could not be told how to behave: {why}")]
    #[diagnostic(code("MOCK-20"), help("run `agw-sandbox down` and `agw-sandbox up`"))]
    Mock {
        /// The mock.
        mock: String,
        /// Why not.
        why: String,
    },
}
