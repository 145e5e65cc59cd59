//! The controller: from resources to the routing table and to conditions.
//!
//! [`reconcile()`] is a pure function over a [`Snapshot`]; `io` watches, writes what differs, and publishes the table.

mod io;
mod objects;
mod reconcile;
mod resource;

pub use io::{ControllerOptions, Misbehaviour, ProxyLink, follow, run};
pub use reconcile::{BoundPorts, CONTROLLER_NAME, Desired, Settings, reconcile, settle};
pub use resource::{Kind, ObjectKey, Snapshot};
