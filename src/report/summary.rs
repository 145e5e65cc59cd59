//! The last lines of `up`: where the time went, how to use the gateway, and what to do next.

use super::{lines::tally_line, print_data, style};
use crate::event::{CriticalPath, ScenarioReport, Tally};

/// What a sandbox that is up can be used with.
#[derive(Debug, Clone, Default)]
pub struct Summary {
    /// Whether anything had to be done.
    pub changed: bool,
    /// How long all took.
    pub seconds: f64,
    /// The chain of steps that made it take so long.
    pub critical_path: CriticalPath,
    /// Base URL of the gateway.
    pub url: String,
    /// URL of the MCP endpoint, where there is one.
    pub mcp_url: Option<String>,
    /// Path of a route that answers chat completions, where there is one.
    pub chat_path: Option<String>,
    /// Model for the example.
    pub model: String,
    /// Options that name the sandbox in further commands: empty for the default one.
    pub sandbox_option: String,
}

/// Prints it as data: it is what the command was for.
pub fn print_summary(summary: &Summary) {
    print_data(&summary_text(summary));
}

/// Scenarios by id, a line each, with their count.
pub fn scenario_table(scenarios: &[ScenarioReport], tally: &Tally, seconds: f64) -> String {
    let mut sorted: Vec<&ScenarioReport> = scenarios.iter().collect();
    sorted.sort_by(|one, other| one.id.cmp(&other.id));
    let mut text = String::new();
    for scenario in sorted {
        let mark = style::verdict_mark(scenario.verdict);
        text += &format!("  {mark} {:8}{:6.3} s  {}\n", scenario.id, scenario.seconds, scenario.title);
    }
    text + &format!("\n  {}\n", tally_line(tally, seconds))
}

fn summary_text(summary: &Summary) -> String {
    let option = &summary.sandbox_option;
    let before = if summary.changed { "" } else { "nothing to do, all is as wanted: " };
    let mut text = format!("\n  {before}ready in {}\n\n  url    {}\n", ready_in(summary), summary.url);
    if let Some(mcp) = &summary.mcp_url {
        text += &format!("  mcp    {mcp}\n");
    }
    if let Some(path) = &summary.chat_path {
        text += &format!(
            "  chat   curl {}{path} -H 'content-type: application/json' \\\n           -d '{}'\n",
            summary.url,
            example_body(&summary.model),
        );
    }
    text += &format!("  shell  eval \"$(agw-sandbox env{option})\"\n");
    text + &format!("  next   agw-sandbox status{option} · agw-sandbox test{option} · agw-sandbox down{option}\n")
}

/// The time, and its parts in their order; those below a fiftieth are left out.
fn ready_in(summary: &Summary) -> String {
    let share = |seconds: f64| if summary.seconds > 0.0 { seconds / summary.seconds * 100.0 } else { 0.0 };
    let parts = summary.critical_path.steps.iter().filter(|part| share(part.seconds) >= 2.0);
    let parts: Vec<String> =
        parts.map(|part| format!("{} {:.2} s ({:.0} %)", part.step, part.seconds, share(part.seconds))).collect();
    let mut text = format!("{:.2} s", summary.seconds);
    if !parts.is_empty() {
        text += &format!("\n  time   {}", parts.join(" → "));
    }
    text
}

fn example_body(model: &str) -> String {
    serde_json::json!({"model": model, "messages": [{"role": "user", "content": "hello"}]}).to_string()
}
