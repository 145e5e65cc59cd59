//! A plan in the forms that people and tools read.

mod dot;
mod install;
mod markdown;
mod shell;
mod text;

use super::Plan;

/// The form of a printed plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum PlanFormat {
    /// For people.
    #[default]
    Text,
    /// The whole plan, secrets excepted.
    Json,
    /// Commands that do the same by hand.
    Shell,
    /// A table for a document.
    Markdown,
    /// A graph for Graphviz.
    Dot,
}

/// The plan in a form.
pub fn render(plan: &Plan, format: PlanFormat) -> String {
    match format {
        PlanFormat::Text => text::render(plan),
        PlanFormat::Json => serde_json::to_string_pretty(plan).unwrap_or_default(),
        PlanFormat::Shell => shell::render(plan),
        PlanFormat::Markdown => markdown::render(plan),
        PlanFormat::Dot => dot::render(plan),
    }
}
