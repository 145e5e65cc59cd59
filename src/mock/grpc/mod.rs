//! gRPC servers, with the statuses that the specification has for what can be wrong with a call.
//!
//! They stand on frames of their own: the generated servers of `tonic` take any content type, answer a message that is too
//! long with OUT_OF_RANGE, and overlook a second message where there is one to be. Here the generated clients are judges.

mod call;
mod compressed;
mod lines;
mod messages;
mod service;
mod status;
mod talk;
mod unary;

pub(super) use call::Call;
pub(super) use compressed::{Unpack, gunzip};
pub(super) use lines::lines;
pub(super) use service::service;
pub(super) use status::{code_of, end, google_status, refuse};
pub(super) use talk::{Turn, talk};
pub(super) use unary::unary;
