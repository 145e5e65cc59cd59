//! Patches that are not applies.

mod merge;
mod strategic;

pub(super) use merge::merge_patch;
pub(super) use strategic::strategic_merge;
