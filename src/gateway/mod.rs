//! The reference gateway: a controller that turns resources into a routing table and reports conditions, and a proxy that
//! serves the table. It sees the cluster only through its API, like any controller.

pub mod controller;
pub mod in_cluster;
mod mutant;
mod proxy;
mod run;
pub mod table;

pub use controller::Misbehaviour;
use proxy::is_since;

pub use mutant::{Mutant, NoSuchMutant};
pub use proxy::{Bound, LogTarget, ProxyOptions, Telemetry, run as run_proxy, serve_stats, write_log};
pub use run::{GatewayOptions, run};
