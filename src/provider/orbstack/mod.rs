//! The orbstack provider: OrbStack's built-in cluster, which is only looked at through `orbctl`, never switched on, restarted
//! or removed. The cluster itself is used like any other of the user's. Untested on a real OrbStack.

mod kubeconfig;
mod usable;

pub use kubeconfig::{CONTEXT, kubeconfig};
pub use usable::usable;
