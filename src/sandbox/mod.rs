//! One named instance: its state, its claim, and the pipelines that join the rooms.

mod audit;
mod claim;
mod consent;
mod down;
mod error;
mod external;
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

pub use audit::{AuditOptions, audit};
pub use claim::Claim;
pub use consent::Consent;
pub use down::down;
pub use error::SandboxError;
pub use external::External;
pub use home::{Home, Sandbox};
pub use name::SandboxName;
pub use prepare::{Prepared, prepare};
pub use record::Record;
pub use running::Running;
pub use status::{RouteStatus, Status, status};
pub use test::{TestOptions, test};
pub use up::{UpOptions, UpReport, up};
