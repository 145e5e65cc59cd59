//! Requests that their vendor would refuse, answered all the same: for those who want any answer, not a faithful one.

mod admit;
mod forgive;
mod lean;

pub(super) use forgive::lenient;
