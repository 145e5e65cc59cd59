//! The short form of backends, routes and policies that profiles, scenarios and repros share, and its rendering to the
//! resources of a release line.

mod backend;
mod policy;
mod route;
mod wiring;

pub use backend::{Backend, KeySource, LlmProvider, McpServer, MockRef};
pub use policy::{ApiKeys, Cors, Policy, RateLimit, Target};
pub use route::{HeaderMatch, Route, To};
pub use wiring::Wiring;
