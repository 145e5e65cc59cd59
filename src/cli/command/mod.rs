//! The commands.

pub mod cache;
pub mod completions;
pub mod consent;
pub mod definitions;
pub mod doctor;
pub mod down;
pub mod env;
pub mod explain;
pub mod forward;
pub mod gateway;
mod interrupt;
pub mod kubeconfig;
pub mod list;
mod log;
pub mod mock;
pub mod plan;
pub mod profiles;
pub mod scenarios;
pub mod serve;
pub mod status;
pub mod test;
pub mod token;
pub mod trust;
mod trust_files;
pub mod up;
pub mod version;
mod wish;
