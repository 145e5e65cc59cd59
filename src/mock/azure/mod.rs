//! Azure OpenAI: the paths of deployments, the v1 paths, and Claude in Foundry.
//!
//! A key is good when it does not contain `invalid`; it comes as `api-key`. A token of Entra comes as bearer. Every
//! deployment is there, except those whose names begin with `no-such`.

mod access;
mod filter;
mod refusal;
mod router;
mod version;

pub(super) use refusal::refuse;
pub(super) use router::router;
