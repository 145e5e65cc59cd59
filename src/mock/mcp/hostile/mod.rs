//! A server that no client should trust: it begins as the protocol says, and then every tool breaks a rule.

mod answers;
mod router;
mod tools;

pub(super) use router::router;
