//! The objects that the controller makes for each Gateway. Source: facts/controller.md 2.

mod config;
mod deployment;
mod generate;
mod merge;
mod parameters;
mod service;

pub(super) use generate::{for_gateway, orphans};
pub(super) use parameters::{host_aliases, parameters_problem};
