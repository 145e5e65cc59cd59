//! An identity provider: OpenID Connect discovery, keys, and OAuth 2.0 with the grants that programs and people use. It lets
//! everybody in: any name is a user, any client is known, and a secret is good when it does not contain `invalid`.
//!
//! Everything is there once at the root, and once for each realm under `/realms/{realm}`. A realm is an issuer of its own
//! with keys of its own, so tests that rotate keys do not meet. Some names of realms stand for what can go wrong.

mod authorize;
mod bearers;
mod client;
mod controls;
mod form;
mod grants;
mod introspect;
mod issuer;
mod jwks;
mod key;
mod metadata;
mod mint;
mod pkce;
mod provider;
mod realm;
mod refusal;
mod register;
mod router;
mod shown;
mod token;
mod userinfo;
mod verify;

/// What tokens of a sandbox name as their issuer: the identity provider's Service in the cluster, whose name is the same with
/// every provider. Gateways reach it there; on this machine it is a name and no address.
pub const SERVICE_ISSUER: &str = "http://identity.agw-mocks.svc.cluster.local";
pub(super) use bearers::{Bearers, Home};
pub(super) use controls::controls;
pub(super) use provider::Provider;
pub(super) use refusal::refuse;
pub(super) use router::router;
pub(super) use shown::shown;
