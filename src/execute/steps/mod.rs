//! One file a step. Each reads: observe, difference, act, confirm.

mod access;
mod bring_about;
mod chart;
mod cluster;
mod definitions;
mod gateway_api;
mod host;
mod host_alias;
mod host_mocks;
mod host_service;
mod image;
mod mocks;
mod objects;
mod secret;
mod traffic;
mod verbatim;

pub use bring_about::bring_about;
pub use gateway_api::bundle_of;
