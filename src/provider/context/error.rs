//! What can go wrong with a cluster of the user's.

use miette::Diagnostic;
use std::{io, path::PathBuf};
use thiserror::Error;

/// What can go wrong with a cluster of the user's.
#[derive(Debug, Error, Diagnostic)]
pub enum ContextError {
    /// No context was named.
    #[error("provider context needs the name of a context")]
    #[diagnostic(code("PROVIDER-30"), help("agw-sandbox up --context NAME; there are: {known}"))]
    Unnamed {
        /// Contexts of the user's kubeconfig.
        known: String,
    },

    /// No such context.
    #[error("the kubeconfig {source_file} has no context {context} that can be used{why}")]
    #[diagnostic(code("PROVIDER-31"), help("there are: {known}"))]
    NoSuchContext {
        /// The context.
        context: String,
        /// Where it was looked for.
        source_file: String,
        /// What is wrong with it, after a colon; empty: it is not there.
        why: String,
        /// Contexts of the user's kubeconfig.
        known: String,
    },

    /// The user did not agree to its being used.
    #[error("the cluster of context {context} ({api}) is not this sandbox's, and nobody agreed to its being used{why}")]
    #[diagnostic(
        code("PROVIDER-32"),
        help(
            "nothing was written to it. To agree once: the same command with --yes; a cluster of the sandbox's own: --provider kind"
        )
    )]
    NotAgreed {
        /// The context.
        context: String,
        /// URL of its API.
        api: String,
        /// What changed since the user agreed, after a colon; empty: nobody ever did.
        why: String,
    },

    /// Another sandbox uses it.
    #[error("the cluster of context {context} ({api}) is in use by another sandbox: {holder}")]
    #[diagnostic(
        code("PROVIDER-33"),
        help(
            "one sandbox at a time uses a shared cluster. If that one is gone for good: kubectl --context {context} -n agw-sandbox delete configmap identity"
        )
    )]
    Taken {
        /// The context.
        context: String,
        /// URL of its API.
        api: String,
        /// Its name and id.
        holder: String,
    },

    /// That the sandbox is in that cluster cannot be proved.
    #[error("the cluster of context {context} ({api}) cannot be proved to hold this sandbox: {why}")]
    #[diagnostic(
        code("PROVIDER-34"),
        help("it was not touched. If nothing of the sandbox is left there: rm -r {}", home.display())
    )]
    NotProved {
        /// The context.
        context: String,
        /// URL of its API.
        api: String,
        /// What is missing.
        why: String,
        /// The sandbox's state directory.
        home: PathBuf,
    },

    /// The sandbox is in another cluster.
    #[error("this sandbox is in the cluster of context {there}, not in that of {wanted}")]
    #[diagnostic(code("PROVIDER-35"), help("agw-sandbox down first, or another sandbox: --sandbox NAME"))]
    Elsewhere {
        /// The context where it is.
        there: String,
        /// The wanted context.
        wanted: String,
    },

    /// The API does not answer.
    #[error("the cluster of context {context} ({api}) does not answer: {why}")]
    #[diagnostic(code("PROVIDER-36"), help("kubectl --context {context} get --raw /readyz   shows whether it is up"))]
    Silent {
        /// The context.
        context: String,
        /// URL of its API.
        api: String,
        /// What was tried last.
        why: String,
    },

    /// What belongs to it in the state directory cannot be read or written.
    #[error("{} cannot be used", path.display())]
    #[diagnostic(code("PROVIDER-37"), help("is the state directory writable? agw-sandbox doctor"))]
    Record {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}
