//! What differs between release lines for the controller: who it is, and what resources are called.

mod family;
mod identity;
mod kgateway;
mod policy;

pub use family::Family;
pub use identity::{Identity, ProxyImage};
