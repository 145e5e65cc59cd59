//! The reference gateway: a controller that turns resources into a routing table and reports conditions, and a proxy that
//! serves the table. It sees the cluster only through its API, like any controller.

mod controller;
mod mutant;
mod proxy;
pub mod table;

pub use mutant::{Mutant, NoSuchMutant};
