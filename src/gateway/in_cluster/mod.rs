//! The reference gateway in a cluster: the controller in one pod, a proxy in a pod for each Gateway.
//!
//! Both see the cluster through its API and compute the same table from it. A proxy tells the digest of the table that it
//! serves; the controller reports on routes and policies when all ready proxies serve what it has in mind.

mod confirm;
mod controller;
mod error;
mod health;
mod install;
mod lease;
mod mutant;
mod pod;
mod serving;
mod settings;

pub use controller::{ControllerPod, run_controller};
pub use error::InClusterError;
pub use install::{InstallError, ReferenceInstall};
pub use mutant::MUTANT_CONFIG_MAP;
pub use pod::{ProxyPod, run_proxy_pod};
pub use settings::ChartSettings;

/// The namespace of the controller, but for kgateway 2.1.
pub const SYSTEM_NAMESPACE: &str = "agentgateway-system";

/// The port at which a proxy says how it is.
const PROXY_HEALTH_PORT: u16 = 15021;

/// Port of a proxy where its metrics are read. Source: facts/manifests.md 8.
const PROXY_STATS_PORT: u16 = 15020;

/// Where a proxy tells what it serves.
const SERVING_PATH: &str = "/table-digest";

/// Longest time for all proxies of a table to serve it.
const CONFIRMED_WITHIN: std::time::Duration = std::time::Duration::from_secs(5);
