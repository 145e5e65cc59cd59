//! What scenario files say: strict, and every mistake with its place.

mod action;
mod check;
mod cluster_call;
mod compile;
mod defect;
mod document;
mod http_call;
mod llm_call;
mod mcp;
mod mcp_suite;
mod meaning;
mod mistake;
mod mocks;
mod place;
mod release;
mod scenario;
mod step;
mod text;
mod then;
mod when;

pub use action::Action;
pub use cluster_call::{ApplyCall, ObjectName, ReadCall, Validation};
pub use defect::Defect;
pub use document::{Given, Reality, Requires};
pub use http_call::HttpCall;
pub use llm_call::{Dialect, LlmCall};
pub use mcp::{McpCall, Page, RpcRequest, ToolCall};
pub use mcp_suite::SuiteCall;
pub use place::{Part, Place};
pub use release::{Release, ReleaseRange};
pub use scenario::Scenario;
pub use step::{Eventually, Leave, Step};
pub use text::{Spot, Text};
