//! What works together, known before a cluster exists.

mod channel;
mod check;
mod circumstance;
mod conflict;
mod installed;
mod minor;
mod rule;
mod windows;
mod wish;

pub use channel::Channel;
pub use check::{check, refuse_conflicts};
pub use conflict::{Conflict, Conflicts, Severity};
pub use installed::Installed;
pub use minor::Minor;
pub use windows::window_ids;
pub use wish::Wish;
