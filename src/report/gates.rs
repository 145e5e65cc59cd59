//! The gate chain: which gate answered with which status, in which order.

use super::style;
use crate::event::{ClientExchange, ScenarioReport};

/// The area of the rows of the gate chain.
const AREA: &str = "OPS-";
/// Longest part of a body that is shown.
const SHOWN: usize = 60;

/// A line for each answer of a gate; `None`: no gate was asked.
pub fn gates_text(scenarios: &[ScenarioReport]) -> Option<String> {
    let mut rows: Vec<&ScenarioReport> = scenarios.iter().filter(|report| report.id.starts_with(AREA)).collect();
    rows.sort_by(|a, b| a.id.cmp(&b.id));
    let mut text = String::from("\n  gates, in the order in which they answered\n");
    let mut any = false;
    for report in rows {
        let Some(evidence) = report.evidence.as_ref().or(report.failure.as_ref()) else { continue };
        any = true;
        let mark = style::verdict_mark(report.verdict);
        text += &format!("  {mark} {:10}{}\n", report.id, report.title);
        for (index, exchange) in evidence.client.iter().enumerate().filter(|(index, it)| told(*index, it, evidence)) {
            let status = exchange.status.map_or("no answer".to_owned(), |status| status.to_string());
            text += &format!("      {:>2}. {status}  {}\n", index + 1, short(&exchange.body));
        }
        text += &format!("          {} requests reached a mock\n", evidence.received.len());
    }
    any.then_some(text)
}

/// Of answers in a row that are the same, the first is told.
fn told(index: usize, exchange: &ClientExchange, evidence: &crate::event::Failure) -> bool {
    let before = index.checked_sub(1).and_then(|index| evidence.client.get(index));
    before.is_none_or(|before| before.status != exchange.status || exchange.status.is_some_and(|status| status >= 400))
}

fn short(body: &str) -> String {
    let line = body.lines().next().unwrap_or_default();
    let shown: String = line.chars().take(SHOWN).collect();
    if shown.len() < line.len() { format!("{shown}…") } else { shown }
}
