//! All integration tests, linked once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod canonical;
mod chart;
mod commands;
mod controller;
mod definitions;
mod house;
mod image;
mod in_cluster;
mod kind;
mod kubernetes_api;
mod machine;
mod mocks;
mod profile;
mod proxy;
mod robust;
mod scenarios;
mod support;
mod workflows;
