//! An external processor: Envoy's gRPC API, both sides speaking at a time.
//!
//! It does what the lane wants, or else what the message's own header `instructions` says, in the JSON of upstream's own test
//! processor (`controller/hack/testbox/extproc.go`); everything else goes on as it came.

mod common;
mod flow;
mod modes;
mod shown;
mod side;

pub(super) use flow::router;
pub(super) use shown::shown;
pub use shown::shown_processing;
