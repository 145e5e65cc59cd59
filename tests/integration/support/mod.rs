//! Sandboxes and commands for tests that read like transcripts; registries that they fill.

mod api;
mod charts;
mod command;
mod door;
mod mirror;
mod registry;
mod sandbox;

pub use api::{http, list, shared};
pub use charts::{StandIn, changed_chart, upstream};
pub use command::Ran;
pub use door::{Door, Fault};
pub use mirror::{Mirror, path_with_helm};
pub use registry::{Registry, is_real, mirrors_to};
pub use sandbox::Sandbox;
