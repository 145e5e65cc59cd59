//! The short form of backends, routes and policies that profiles, scenarios and repros share, and its rendering to the
//! resources of a release line.

mod backend;
mod cloud;
mod error;
mod guarding;
mod policy;
mod render;
mod route;
mod shaping;
mod validate;
mod wiring;
mod words;

pub use backend::{Backend, KeySource, LlmProvider, McpServer, MockRef};
pub use cloud::{Api, Azure, Bedrock, Vertex};
pub use error::{CanonicalError, Mistake, nearest};
pub use guarding::{ApiKeys, Authorize, Csrf, Finds, Guard, Jwt, PromptGuard};
pub use policy::{Cors, Policy, Target};
pub use render::{
    GatewayRef, GatewaySpec, Listener, Logging, MockHosts, RenderContext, Rendered, SecretSpec, render, render_gateway,
};
pub use route::{HeaderMatch, Route, To};
pub use shaping::{HeaderChange, Headers, RateLimit, Retry};
pub use validate::validate;
pub use wiring::Wiring;
pub use words::{Authority, SHORTEST_TIMEOUT, duration, is_hostname, is_label};
