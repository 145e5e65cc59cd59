//! Expectations: what must hold after a step, and whether it does.

mod answer;
mod difference;
mod expectation;
mod judge;
mod log_line;
mod matcher;
mod metric;
mod mismatch;
mod path;

pub use answer::{Answer, End};
pub use expectation::{ConditionField, Expectation, RequestPart, Subject, Which};
pub use judge::{Evidence, condition, conditions_of, judge};
pub use log_line::LogLine;
pub use matcher::{Matcher, Nothing, Scene, events_of};
pub use metric::{Metric, Samples};
pub use mismatch::{Words, words_of};
pub use path::JsonPath;
