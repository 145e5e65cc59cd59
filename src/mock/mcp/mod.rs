//! MCP servers: personalities that are data, served by rmcp in every revision of the protocol, and one that speaks bad
//! protocol on purpose.

// Sampling, roots and logging are deprecated in the newest revision; clients of the older ones still use them.
#![allow(deprecated)]

mod acts;
mod asking;
mod call;
mod catalog;
mod complete;
mod contents;
mod controls;
mod cut;
mod door;
mod fill;
mod front;
mod gathered;
mod guard;
mod hostile;
mod hub;
mod legacy;
mod oauth;
mod offer;
mod pages;
mod personality;
mod prompt;
mod refusal;
mod revision;
mod router;
mod seal;
mod server;
mod sessions;
mod sheet;
mod stdio;
mod template;

pub(super) use catalog::servers;
pub(super) use oauth::{TokenFault, Tokens};
pub use stdio::{STDIO_NAMES, StdioError, serve_stdio};
