//! The kinds the controller reads, as plain data that tolerates fields it does not know.

mod backend;
mod core;
mod gateway;
mod key_set;
mod kind;
mod meta;
mod model;
mod policy;
mod route;
mod snapshot;

pub use backend::{AgentgatewayBackend, Mcp, McpTarget, SecretRef, StaticHost};
pub use core::{EndpointSlice, Namespace, Secret, Service, ServicePort};
pub use gateway::{Gateway, GatewayClass, Listener, ParametersRef, RouteGroupKind};
pub use key_set::KeySetSource;
pub use kind::{Kind, ObjectKey};
pub use meta::{LabelSelector, Meta};
pub use model::{AgentgatewayModel, VirtualSpec, VirtualTargetSpec};
pub use policy::{AgentgatewayPolicy, ApiKeyAuthentication, CorsSpec, RateLimitEntry};
pub use route::{BackendRef, HttpRoute, HttpRouteRule, ParentRef, ReferenceGrant, RouteFilter, RouteMatch, ValueMatch};
pub use snapshot::Snapshot;
