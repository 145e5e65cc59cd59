//! Rules about a machine, and the longer story of every id.

mod doctor;
mod explain;
mod folder;
mod host;
mod machine;
mod tools;
mod verdict;

pub use doctor::{DoctorOptions, doctor, nothing_would_work};
pub use explain::{Story, all_ids, explain};
pub use verdict::{Check, Group, Verdict};
