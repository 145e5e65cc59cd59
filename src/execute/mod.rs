//! Runs a plan: in the order of its graph, as parallel as that allows, with a deadline for each step, a journal, and an end
//! at the first word of the user.

mod critical_path;
mod error;
mod host_mocks;
mod journal;
mod outcome;
mod proof;
mod reach;
mod run;
mod shared;
mod steps;
mod ways;
mod world;

pub use critical_path::critical_path;
pub use error::ExecuteError;
pub use host_mocks::HostMocks;
pub use journal::{Entry, Journal};
pub use outcome::{Done, Outcome};
pub use reach::Reach;
pub use run::run;
pub use shared::{Charts, Removal, Removed, find_conflicts, take_away};
pub use steps::bring_about;
pub use world::World;
