//! What scenario files say: strict, and every mistake with its place.

mod check;
mod compile;
mod document;
mod mistake;
mod place;
mod release;
mod scenario;
mod step;
mod text;

pub use document::{ChatCall, Given, HttpCall, McpCall, Page, ReadCall, Reality, Requires, ToolCall};
pub use place::{Part, Place};
pub use release::{Release, ReleaseRange};
pub use scenario::Scenario;
pub use step::{Action, Step};
pub use text::{Spot, Text};
