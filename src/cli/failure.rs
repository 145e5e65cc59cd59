//! How a command fails.

use super::Exit;
use crate::report::id_of;
use miette::Diagnostic;

/// An error with the exit code that belongs to it.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: Exit,
    /// What went wrong.
    pub error: Box<dyn Diagnostic + Send + Sync>,
}

impl<E: Diagnostic + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        // Of several that are told together the first decides.
        let first = error.related().and_then(|mut all| all.next()).map(id_of);
        let id = first.unwrap_or_else(|| id_of(&error));
        Self { exit: Exit::of_error(&id), error: Box::new(error) }
    }
}
