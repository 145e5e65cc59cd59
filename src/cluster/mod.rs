//! Any Kubernetes API: what is there, how it is brought to what is wanted, and how to wait for it.

mod access;
mod apply;
mod condition;
mod deployment;
mod error;
mod kind;
mod notes;
mod outlook;
mod owner;
mod patience;
mod pod;
mod readiness;
mod select;
mod stuck;
mod wait;
mod workload;

pub use access::{Cluster, Writes};
pub use apply::{FIELD_MANAGER, FINGERPRINT, SANDBOX_LABEL, differs, fingerprint_of};
pub use condition::{Condition, conditions_of, find_condition};
pub use error::ClusterError;
pub use kind::{ObjectKey, resource_of};
pub use notes::Notes;
pub use outlook::{Outlook, Surety};
pub use owner::{OWNER_LABEL, describe, is_owned_by};
pub use pod::{RESTART_LIMIT, pod_outlook};
pub use readiness::{Readiness, readiness_of};
pub use stuck::{Cause, Explanation, Stuck};
pub use wait::{Explaining, Telling, Waiting};
