//! The sections of policies, from text to what the proxy applies.

mod access;
mod callout;
mod guard;
mod limits;
mod reader;
mod shaping;

pub(super) use reader::{Reader, cors, not_implemented, overlay};
