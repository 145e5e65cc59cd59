//! What the assistant says to a request, before any vendor's dress.

mod compose;
mod instance;
mod said;
mod wish;

pub(super) use instance::instance;
pub(super) use said::{Call, Ending, Said, Usage};
pub(super) use wish::{Choice, Form, Tool, Wish};
