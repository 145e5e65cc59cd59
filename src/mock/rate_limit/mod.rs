//! A rate limit service: Envoy's gRPC API.
//!
//! Every descriptor of a lane may be hit ten times in a minute, unless the descriptor brings a limit of its own or the lane
//! has limits. A window begins with its first hit, not with the minute of the clock, so it never ends inside a test by chance.

mod answer;
mod rule;
mod service;
mod shown;

pub(super) use service::router;
pub(super) use shown::shown;
pub use shown::shown_limit;
