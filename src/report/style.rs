//! Colours and marks. Words always stand beside them: the screen reads the same without colour.

use crate::event::{Change, Verdict};
use console::Style;

/// The mark of a step.
pub fn step_mark(change: Change) -> String {
    match change {
        Change::Made | Change::Unchanged => green().apply_to("✔"),
        Change::Warned => yellow().apply_to("!"),
        Change::Failed => red().apply_to("✘"),
    }
    .to_string()
}

/// The mark of a scenario.
pub fn verdict_mark(verdict: Verdict) -> String {
    match verdict {
        Verdict::Pass => green().apply_to("✔"),
        Verdict::Fail | Verdict::Stale | Verdict::Flaky => red().apply_to("✘"),
        Verdict::Skip => Style::new().for_stderr().dim().apply_to("–"),
        Verdict::ExpectedDefect => yellow().apply_to("!"),
    }
    .to_string()
}

fn green() -> Style {
    Style::new().for_stderr().green()
}

fn yellow() -> Style {
    Style::new().for_stderr().yellow()
}

fn red() -> Style {
    Style::new().for_stderr().red()
}
