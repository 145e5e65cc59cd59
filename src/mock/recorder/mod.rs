//! What the mocks received and answered, bounded in memory.

mod entry;
mod kept;
mod legible;
mod log;
mod receiving;
mod shared;
mod store;
mod ticket;

pub use kept::KEPT_BODY;
pub(super) use legible::{Legible, Seen};
pub use log::{LANE_BYTES, LANE_EXCHANGES, TOTAL_BYTES};
pub(super) use receiving::Receiving;
pub use store::Recorder;
pub(super) use ticket::Ticket;
