//! The background process of the embedded provider: composes the Kubernetes API, the reference gateway and the mocks.

mod admin;
mod endpoints;
mod error;
mod run;

pub use error::ServeError;
pub use run::{ServeOptions, serve};
