//! What GitHub Actions shows: annotations at the lines that broke, and a summary of the step.
//! Source: GitHub's documentation of workflow commands, "Setting an error message" and "Adding a job summary".

use crate::event::{ScenarioReport, Verdict};
use std::fmt::Write;

/// Where the scenario files of the catalogue stand in the repository.
const ROOT: &str = "tests/scenarios";
/// GitHub shows so many annotations of a kind for one step.
const MOST: usize = 10;

/// A line for each expectation that broke; the run's own failure where it had one.
pub fn annotations(scenarios: &[ScenarioReport], failure: Option<&str>) -> String {
    let mut lines = Vec::new();
    if let Some(failure) = failure {
        lines.push(format!("::error title=agw-sandbox test::{}", data(failure)));
    }
    for report in scenarios.iter().filter(|report| is_bad(report.verdict)) {
        let Some(failure) = &report.failure else { continue };
        let Some(broken) = failure.broken.first() else { continue };
        let place = format!("file={},line={}", property(&format!("{ROOT}/{}", failure.file)), broken.line);
        let title = property(&format!("{} {}", report.id, report.title));
        let more = failure.broken.len() - 1;
        let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
        let words = data(&format!("expected {}, got {}{more}", broken.expected, broken.got));
        lines.push(format!("::error {place},title={title}::{words}"));
    }
    lines.truncate(MOST);
    lines.join("\n")
}

/// Markdown for the step's summary.
pub fn step_summary(made: &str, scenarios: &[ScenarioReport], failure: Option<&str>, seconds: f64) -> String {
    let count = |verdict: Verdict| scenarios.iter().filter(|report| report.verdict == verdict).count();
    let bad = scenarios.iter().filter(|report| is_bad(report.verdict)).count();
    let sign = if bad == 0 && failure.is_none() { "✅" } else { "❌" };
    let mut text = format!("### {sign} agw-sandbox test: {}\n\n", cell(made));
    if let Some(failure) = failure {
        let _ = writeln!(text, "The run failed before its scenarios could: {}\n", cell(failure));
    }
    let _ = writeln!(text, "| passed | failed | stale | flaky | known defect | skipped | time |");
    let _ = writeln!(text, "| --: | --: | --: | --: | --: | --: | --: |");
    let _ = writeln!(
        text,
        "| {} | {} | {} | {} | {} | {} | {seconds:.1} s |\n",
        count(Verdict::Pass),
        count(Verdict::Fail),
        count(Verdict::Stale),
        count(Verdict::Flaky),
        count(Verdict::ExpectedDefect),
        count(Verdict::Skip),
    );
    for report in scenarios.iter().filter(|report| is_bad(report.verdict)) {
        let broken = report.failure.as_ref().and_then(|failure| failure.broken.first());
        let why = broken
            .map_or(String::new(), |broken| format!("expected {}, got {}", cell(&broken.expected), cell(&broken.got)));
        let _ = writeln!(text, "- **{}** {}: {why}", report.id, cell(&report.title));
    }
    text
}

fn is_bad(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Fail | Verdict::Stale | Verdict::Flaky)
}

/// Escapes what follows the last `::` of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Text that stays within its cell, and is no HTML.
fn cell(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|").replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Broken, Failure};

    fn report() -> ScenarioReport {
        let broken = Broken { line: 31, text: String::new(), expected: "429".into(), got: "a\nb".into() };
        let failure = Failure {
            file: "policy/x.yaml".into(),
            broken: vec![broken],
            client: vec![],
            received: vec![],
            objects: vec![],
        };
        ScenarioReport {
            id: "POL-10".into(),
            title: "a limit: 2, then no more".into(),
            verdict: Verdict::Fail,
            seconds: 0.1,
            reason: None,
            failure: Some(failure),
            evidence: None,
        }
    }

    #[test]
    fn an_annotation_is_one_line_at_the_right_place() {
        assert_eq!(
            annotations(&[report()], None),
            "::error file=tests/scenarios/policy/x.yaml,line=31,title=POL-10 a limit%3A 2%2C then no more::expected 429, got a%0Ab"
        );
        assert!(annotations(&[], Some("not up")).starts_with("::error title=agw-sandbox test::not up"));
        let summary = step_summary("sandbox <x>", &[report()], None, 1.0);
        assert!(summary.contains("❌") && summary.contains("&lt;x>") && summary.contains("| 0 | 1 | 0 |"), "{summary}");
    }
}
