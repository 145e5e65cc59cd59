//! The only room that prints: reporters of events, and the last words of commands.

mod doctor;
mod error;
mod failure;
mod gates;
mod github;
mod json;
mod junit;
mod lines;
mod matrix;
mod page;
mod plain;
mod reporter;
mod screen;
mod style;
mod summary;
mod table;
mod terminal;
mod trace_tree;

pub use doctor::{CheckLine, print_checks};
pub use error::{error_fact, id_of, print_error};
pub use github::{annotations, step_summary};
pub use json::SCHEMA;
pub use junit::{Suite, write_junit};
pub use matrix::matrix_text;
pub use page::{Page, PageWiring, write_page};
pub use reporter::{Format, Kept, Reporter};
pub use screen::{print_data, print_talk};
pub use summary::{Summary, print_summary, scenario_table};
pub use table::Table;
pub use trace_tree::{Row, Trace, traces};
