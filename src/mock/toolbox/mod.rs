//! An MCP server over streamable HTTP with tools for every kind of content. The names that begin with `test_` are those
//! of the official conformance suite's fixtures.

mod call;
mod pages;
mod refusal;
mod router;
mod server;
mod sessions;
mod tools;

pub(super) use refusal::refuse;
pub(super) use router::router;
