//! Any Kubernetes API: what is there, how it is brought to what is wanted, and how to wait for it.

mod access;
mod apply;
mod condition;
mod error;
mod kind;
mod owner;
mod readiness;
mod wait;

pub use access::{Cluster, Writes};
pub use apply::{FIELD_MANAGER, FINGERPRINT, SANDBOX_LABEL, differs, fingerprint_of};
pub use condition::{Condition, conditions_of, find_condition};
pub use error::ClusterError;
pub use kind::{ObjectKey, resource_of};
pub use owner::{OWNER_LABEL, describe, is_owned_by};
pub use readiness::{Readiness, readiness_of};
pub use wait::{Telling, Waiting};
