//! What can be done with objects, one file a verb.

mod apply;
mod create;
mod delete;
mod last_applied;
mod list;
mod patch;
mod review;
mod update;
mod watch;

pub(super) use apply::apply;
pub(super) use create::create;
pub(super) use delete::{delete, delete_collection};
pub(super) use list::{Page, list};
pub(super) use patch::patch;
pub(super) use update::update;
pub(super) use watch::{WatchForm, watch};
