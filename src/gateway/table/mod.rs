//! The routing table: all that the proxy knows. The controller computes it from resources; nothing in it is looked up later
//! but addresses.

mod backend;
mod digest;
mod listener;
mod model;
mod part;
mod policy;
mod route;
mod rules;

pub use backend::{
    Authority, Backend, BackendAuth, BackendFault, HostAliases, LlmBackend, LlmProvider, McpBackend, McpTarget,
    ServiceBackend, StaticBackend, UpstreamPath,
};
pub use listener::{Listener, ListenerKey, ObjectName, Table};
pub use model::{Model, Models, VirtualModel, VirtualTargets};
pub use policy::{AnswerBody, ApiKey, ApiKeyAuth, Cors, DirectAnswer, LocalRateLimit, Policies};
pub use route::{
    Filter, HeaderChange, HeaderMatch, Match, PathMatch, PathRewrite, Route, RouteGroup, Rule, WeightedBackend,
};
pub use rules::Rules;
