//! Authorization services: Envoy's gRPC API, and plain HTTP.
//!
//! Both keep to one rule, upstream's own: a request with the header `x-ext-authz: allow` may go on, and so may one to a path
//! under `/public/`; every other is refused. A lane may have verdicts of its own instead.

mod check;
mod plain;
mod rule;
mod shown;

pub(super) use check::router;
pub(super) use plain::{refuse, router as plain_router};
pub(super) use shown::shown;
pub use shown::shown_check;
