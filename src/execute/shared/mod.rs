//! What must be minded on a cluster that is not ours alone: what is there already, and that nothing of ours stays.

mod conflicts;
mod definitions;
mod gone;
mod helm_releases;
mod removal;
mod take_away;

pub use conflicts::find_conflicts;
pub use definitions::bring_or_use;
pub use removal::{Charts, Removal, Removed};
pub use take_away::take_away;
