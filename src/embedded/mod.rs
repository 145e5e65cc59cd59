//! A Kubernetes API in memory; knows nothing of gateways.

mod accept;
mod api;
mod body;
mod builtin;
mod builtin_columns;
mod call;
mod decode;
mod definition;
mod discovery;
mod fields;
mod garbage;
mod gotypes;
mod identity;
mod jsonpath;
mod kind;
mod names;
mod openapi;
mod patch;
mod protobuf;
mod query;
mod refusal;
mod registry;
mod router;
pub mod schema;
mod selector;
mod serve;
mod store;
mod table;
mod target;
mod verbs;
mod world;
mod write;

pub use api::Api;
pub use identity::{Identity, IdentityError};
