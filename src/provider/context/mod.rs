//! The context provider: a cluster of the user's. It is never made, changed beyond what is ours, or removed; the user agrees
//! once to its being used, and one sandbox at a time uses it.

mod agreement;
mod error;
mod kubeconfig;
mod local_kind;
mod look;
mod marker;
mod provider;
mod record;
mod spec;

pub use agreement::Agreement;
pub use error::ContextError;
pub use kubeconfig::ContextEntry;
pub use local_kind::local_kind_nodes;
pub use look::{ContextSight, SharedMarker};
pub use provider::Context;
pub use spec::ContextSpec;
