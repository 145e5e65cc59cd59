//! What can keep a wish from being resolved.

use crate::{
    chart::ChartError,
    image::ImageError,
    process::ToolError,
    provider::ProviderError,
    release::{DefinitionsError, ReleaseError},
};
use miette::Diagnostic;
use std::path::PathBuf;
use thiserror::Error;

/// What can keep a wish from being resolved.
#[derive(Debug, Error, Diagnostic)]
pub enum ResolveError {
    /// The provider cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Provider(#[from] ProviderError),

    /// The release does not exist.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Release(#[from] ReleaseError),

    /// The built-in definitions cannot be used.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Definitions(#[from] DefinitionsError),

    /// A credential is to come from a variable that is not set.
    #[error("the variable {variable} is not set, and backend or policy `{user}` takes its key from it")]
    #[diagnostic(
        code("RESOLVE-01"),
        help("export {variable}=…, or let a mock play the vendor: `{user}: {{llm: …, mock: {{}}}}`")
    )]
    NoSuchVariable {
        /// The variable.
        variable: String,
        /// Who wants it.
        user: String,
    },

    /// A folder of definitions cannot be read.
    #[error("the resource definitions in {} cannot be read: {why}", folder.display())]
    #[diagnostic(code("RESOLVE-02"), help("name a folder with YAML files of CustomResourceDefinitions"))]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        why: String,
    },

    /// A chart, an image or a definition cannot be had.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Chart(#[from] ChartError),

    /// A tool is missing or too old.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Tool(#[from] ToolError),

    /// The profile speaks of a chart that the release does not have.
    #[error("{release} has no chart {name}")]
    #[diagnostic(code("RESOLVE-06"), help("its charts are {known}"))]
    UnknownChart {
        /// As the profile names it.
        name: String,
        /// The release.
        release: String,
        /// The charts that it has.
        known: String,
    },

    /// The variable with mirrors cannot be read.
    #[error("{variable} cannot be read: {why}")]
    #[diagnostic(code("RESOLVE-07"), help("write it as `{{cr.agentgateway.dev: {{host: \"localhost:5001\"}}}}`"))]
    Mirrors {
        /// The variable.
        variable: &'static str,
        /// Why not.
        why: String,
    },

    /// Nobody knows where the cache is.
    #[error("no folder for the cache is known")]
    #[diagnostic(code("RESOLVE-08"), help("set AGW_SANDBOX_CACHE or HOME"))]
    NoCache,

    /// The image of our own executable cannot be made.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Image(#[from] ImageError),

    /// Nobody knows which program this is.
    #[error("the program's own file cannot be found: {why}")]
    #[diagnostic(code("RESOLVE-04"), help("start it by its path; it may have been replaced meanwhile"))]
    Executable {
        /// Why not.
        why: String,
    },

    /// The wanted Kubernetes is no version.
    #[error("`{wanted}` is not a minor version of Kubernetes")]
    #[diagnostic(code("RESOLVE-05"), help("write it as \"1.34\""))]
    Kubernetes {
        /// As it was written.
        wanted: String,
    },

    /// The embedded provider cannot play this.
    #[error("the reference gateway cannot play {release}: {why}")]
    #[diagnostic(code("RESOLVE-03"), help("choose agentgateway-1.4, or leave `release` out"))]
    NotPlayed {
        /// The release.
        release: String,
        /// Why not.
        why: String,
    },
}
