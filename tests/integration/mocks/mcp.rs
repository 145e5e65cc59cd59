//! The MCP servers, as raw clients see them.

mod admin;
mod bad_input;
mod hostile;
mod legacy;
mod oauth;
mod schema;
mod services;
mod stdio;
mod talk;
