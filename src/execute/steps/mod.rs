//! One file a step. Each reads: observe, difference, act, confirm.

mod access;
mod bring_about;
mod cluster;
mod definitions;
mod host;
mod host_alias;
mod host_service;
mod image;
mod mocks;
mod objects;
mod secret;
mod traffic;

pub use bring_about::bring_about;
