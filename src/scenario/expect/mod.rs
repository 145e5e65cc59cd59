//! Expectations: what must hold after a step, and whether it does.

mod difference;
mod expectation;
mod judge;
mod matcher;
mod mismatch;
mod path;

pub use expectation::{ConditionField, Expectation, RequestPart, Subject, Which};
pub use judge::{Answer, Evidence, condition, conditions_of, judge};
pub use matcher::{Matcher, Nothing, Scene, events_of};
pub use mismatch::{Words, words_of};
pub use path::JsonPath;
