//! A recorded exchange between a client and a mock, the lanes that keep users of one mock apart, and the fault vocabulary.

mod behaviour;
mod lane;
mod mask;
mod record;

pub use behaviour::{Behaviour, Fault};
pub use lane::Lane;
pub use mask::{is_secret_header, mask_header, token_of};
pub use record::{Exchange, Outcome, Received, Sent};
