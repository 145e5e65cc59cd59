//! Ports of this machine that lead to Services in a cluster where nothing else does: kept open by a process of the sandbox's own,
//! through the Kubernetes API, across the end of the pods behind them.

mod call;
mod carry;
mod control;
mod endpoint;
mod error;
mod handshake;
mod run;
mod target;

pub use control::{end, find, open};
pub use error::ForwardError;
pub use run::run;
pub use target::{Forward, ForwardTarget};
