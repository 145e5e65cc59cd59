//! What scenario files say: strict, and every mistake with its place.

mod check;
mod compile;
mod document;
mod mcp;
mod mistake;
mod place;
mod release;
mod scenario;
mod step;
mod text;

pub use document::{ChatCall, Given, HttpCall, ReadCall, Reality, Requires};
pub use mcp::{McpCall, Page, RpcRequest, ToolCall};
pub use place::{Part, Place};
pub use release::{Release, ReleaseRange};
pub use scenario::Scenario;
pub use step::{Action, Step};
pub use text::{Spot, Text};
