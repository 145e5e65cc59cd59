//! The controller: from resources to the routing table and to conditions.
//!
//! [`reconcile()`] is a pure function over a [`Snapshot`]; `io` watches, writes what differs, and publishes the table.

mod io;
mod line;
mod objects;
mod reconcile;
mod resource;

pub use io::{ControllerOptions, Misbehaviour, ProxyLink, follow, run};
pub use line::{Family, Identity, ProxyImage};
pub use reconcile::{BoundPorts, Desired, Settings, reconcile, settle};
pub use resource::{Kind, ObjectKey, Snapshot};
