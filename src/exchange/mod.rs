//! A recorded exchange between a client and a mock, the lanes that keep users of one mock apart, the fault vocabulary,
//! and the client of the API through which running mocks are asked and told.

mod admin;
mod behaviour;
mod fault;
mod guard;
mod har;
mod lane;
mod limit;
mod mask;
mod processing;
mod reached;
mod record;
mod reply;
mod telemetry;
mod token;
mod trust;
mod verdict;

pub use admin::{MockAdmin, MockAdminError, Recorded};
pub use behaviour::{Behaviour, Cadence, Distribution};
pub use fault::{Drip, Encoding, ErrorEvent, Fault, Malformed, Moment, Terminator, Writing};
pub use guard::{Guard, GuardAction, Rejection};
pub use har::archive;
pub use lane::Lane;
pub use limit::{DescriptorEntry, Limit, Window};
pub use mask::{is_secret_header, mask_header, mask_target, token_of};
pub use processing::{Immediate, Mutation, Processing};
pub use reached::Reached;
pub use record::{Exchange, Outcome, Received, Sent};
pub use reply::{Citation, Reply, ToolCall, UsageOverride};
pub use telemetry::{LogRecord, Metric, Origin, Span, SpanEvent, Telemetry};
pub use token::{
    DEFAULT_AUDIENCE, DEFAULT_TTL, MintedToken, TokenAlgorithm, TokenFlaw, TokenQuestion, TokenVerdict, TokenWish,
};
pub use trust::TrustMaterial;
pub use verdict::Verdict;
