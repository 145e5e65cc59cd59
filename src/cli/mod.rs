//! One file a command: parse, call, exit code.

mod arguments;
mod command;
mod exit;
mod failure;
mod run;

pub use arguments::{Arguments, Command};
pub use exit::Exit;
pub use failure::Failure;
pub use run::run;
