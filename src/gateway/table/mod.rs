//! The routing table: all that the proxy knows. The controller computes it from resources; nothing in it is looked up later
//! but addresses.

mod backend;
mod digest;
mod listener;
mod llm;
mod model;
mod part;
mod policy;
mod route;
mod rules;

pub use backend::{
    Authority, AwsKey, Backend, BackendAuth, BackendFault, HostAliases, McpBackend, McpTarget, ServiceBackend,
    StaticBackend,
};
pub use listener::{Listener, ListenerKey, ObjectName, Table};
pub use llm::{LlmBackend, LlmProvider, LlmRoute, LlmRoutes, UpstreamPath};
pub use model::{Model, Models, VirtualModel, VirtualTargets};
pub use policy::{AnswerBody, ApiKey, ApiKeyAuth, Cors, DirectAnswer, LocalRateLimit, Policies};
pub use route::{
    Filter, HeaderChange, HeaderMatch, Match, PathMatch, PathRewrite, Route, RouteGroup, Rule, WeightedBackend,
};
pub use rules::Rules;
