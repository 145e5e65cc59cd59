//! The embedded provider: one background process that serves a Kubernetes API, the reference gateway and the mocks.

mod ensure;
mod handshake;
mod observe;
mod remove;

pub use ensure::Embedded;
pub use handshake::{ACCESS_LOG, Handshake};
pub use observe::Observed;
