//! All integration tests, linked once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

mod canonical;
mod chart;
mod charts_on_kind;
mod commands;
mod controller;
mod definitions;
mod foreign;
mod house;
mod image;
mod in_cluster;
mod kind;
mod kubernetes_api;
mod lines;
mod machine;
mod mocks;
mod profile;
mod proxy;
mod rendering;
mod robust;
mod scenarios;
mod support;
mod waits;
mod windows;
mod workflows;
