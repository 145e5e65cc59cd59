//! MCP backends over streamable HTTP: one server passed through, or several behind one endpoint. Source: facts/proxy.md 5.

mod answer;
mod checks;
mod failure;
mod fanout;
mod guard;
mod message;
mod names;
mod serve;
mod session;
mod stateless;
mod target;

pub use serve::serve;
pub use session::SessionSeal;
