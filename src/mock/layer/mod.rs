//! The layer that every mock stands behind: it reads the request, records it, and does what the lane's faults ask for.

mod dress;
mod encode;
mod memory;
mod observe;
mod pace;
mod patch;
mod piece;
mod play;
mod receive;
mod received_body;
mod sent_body;
mod step;

pub(super) use memory::Memory;
pub(super) use observe::{Stage, observe};
pub use receive::LONGEST_BODY;
