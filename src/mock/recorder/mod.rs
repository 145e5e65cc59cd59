//! What the mocks received and answered, bounded in memory.

mod entry;
mod kept;
mod log;
mod store;
mod ticket;

pub use kept::KEPT_BODY;
pub use log::{LANE_BYTES, LANE_EXCHANGES, TOTAL_BYTES};
pub use store::Recorder;
pub(super) use ticket::Ticket;
