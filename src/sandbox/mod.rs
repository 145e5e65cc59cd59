//! One named instance: its state, its claim, and the pipelines that join the rooms.

mod claim;
mod consent;
mod down;
mod error;
mod home;
mod mutant;
mod name;
mod notes;
mod observations;
mod prepare;
mod record;
mod running;
mod status;
mod test;
mod up;

pub use claim::Claim;
pub use consent::Consent;
pub use down::down;
pub use error::SandboxError;
pub use home::{Home, Sandbox};
pub use name::SandboxName;
pub use prepare::{Prepared, prepare};
pub use record::Record;
pub use running::Running;
pub use status::{RouteStatus, Status, status};
pub use test::{TestOptions, test};
pub use up::{UpOptions, UpReport, up};
