//! The routing table: all that the proxy knows. The controller computes it from resources; nothing in it is looked up later
//! but addresses.

mod access;
mod backend;
mod callout;
mod cel;
mod digest;
mod guard;
mod keys;
mod limits;
mod listener;
mod llm;
mod model;
mod part;
mod policy;
mod route;
mod rules;
mod shaping;

pub use access::{
    ApiKey, ApiKeyAuth, ApiKeySecret, Authorization, BasicAuth, Csrf, JwtAuth, JwtMode, JwtProvider, McpLogin,
    TokenLocation,
};
pub use backend::{
    Authority, AwsKey, Backend, BackendAuth, BackendFault, HostAliases, LlmGroups, McpBackend, McpTarget,
    ServiceBackend, StaticBackend,
};
pub use callout::{BodyMode, Callee, ExtAuth, ExtAuthProtocol, ExtProc};
pub use cel::{Cel, Pattern};
pub use guard::{Builtin, Guard, GuardKind, GuardRule, GuardWebhook, PromptGuard, Rejection};
pub use keys::KeySet;
pub use limits::{Counted, Eviction, GlobalRateLimit, Health, LimitDescriptor, LocalRateLimit, Retry};
pub use listener::{Listener, ListenerKey, ObjectName, Table};
pub use llm::{LlmBackend, LlmProvider, LlmRoute, LlmRoutes, UpstreamPath};
pub use model::{Model, Models, VirtualModel, VirtualTargets};
pub use policy::{AnswerBody, Cors, DirectAnswer, Policies};
pub use route::{
    Filter, HeaderChange, HeaderMatch, Match, PathMatch, PathRewrite, Route, RouteGroup, Rule, WeightedBackend,
};
pub use rules::Rules;
pub use shaping::{HeaderModifiers, ModelRequest, Transform, Transformation};
