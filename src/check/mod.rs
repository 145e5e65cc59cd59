//! Rules about a machine, and the longer story of every id.

mod docker;
mod doctor;
mod explain;
mod folder;
mod host;
mod inotify;
mod port;
mod proxies;
mod tools;
mod verdict;

pub use doctor::{DoctorOptions, doctor, nothing_would_work};
pub use explain::{Story, all_ids, explain};
pub use proxies::proxy_variables;
pub use verdict::{Check, Group, Verdict};
