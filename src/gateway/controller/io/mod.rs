//! Watching the cluster and writing what differs.

mod follow;
mod key_sets;
mod run;
mod view;
mod watch;
mod write;

pub use follow::follow;
pub use run::{ControllerOptions, Misbehaviour, ProxyLink, run};
