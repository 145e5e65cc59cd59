//! The kind provider: a cluster of containers on Docker or Podman (untested), made and removed by us.

mod boot;
mod command;
mod config;
mod corefile;
mod create;
mod ensure;
mod error;
mod facts;
mod host_alias;
mod marker;
mod network;
mod node_image;
mod nodes;
mod observe;
mod ports;
mod remove;
mod standing;
mod state;
mod usable;

pub use corefile::HostTarget;
pub use ensure::{Kind, KindSpec};
pub use error::KindError;
pub use facts::KindFacts;
pub use host_alias::{await_host_alias, ensure_host_alias};
pub use node_image::{NodeImage, NodeImageSource, NodeImageWish};
pub use observe::KindObserved;
pub use ports::{HostPort, PortMapping, PortWish};
pub use usable::{KindMachine, kind_machine};
