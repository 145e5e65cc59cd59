//! Lines that the terminal and the plain reporter share.

use super::{failure::failure_text, style};
use crate::event::{Change, Fact, Refusal, ScenarioReport, Tally, Verdict};
use console::{measure_text_width, pad_str};

/// Width of the column of titles.
const TITLE: usize = 24;

/// What a fact looks like as finished lines; `None` where it has none of its own.
pub fn lines_of(fact: &Fact) -> Option<String> {
    match fact {
        Fact::UpStarted { version, sandbox, profile } => {
            Some(format!("agw-sandbox {version} · sandbox {sandbox} · profile {profile}\n"))
        }
        Fact::ProviderChosen { provider, gateway, refused } => Some(provider_lines(provider, gateway, refused)),
        Fact::Note { text } => Some(format!("  note       {text}\n")),
        Fact::StepFinished { title, change, seconds, detail, .. } => Some(step_line(title, *change, *seconds, detail)),
        Fact::ScenarioFinished(report) => scenario_lines(report),
        _ => None,
    }
}

fn provider_lines(provider: &str, gateway: &str, refused: &[Refusal]) -> String {
    let mut text = format!("  provider   {provider}\n");
    for refusal in refused {
        let id = refusal.id.as_ref().map(|id| format!(" ({id})")).unwrap_or_default();
        text += &format!("             {} not usable: {}{id}\n", refusal.provider, refusal.reason);
    }
    text + &format!("  gateway    {gateway}\n")
}

/// `✔ kubernetes api         0.02 s  https://127.0.0.1:41231`.
pub fn step_line(title: &str, change: Change, seconds: f64, detail: &str) -> String {
    let mark = style::step_mark(change);
    let padded = pad_str(title, TITLE, console::Alignment::Left, None);
    let time = if change == Change::Warned { "       ".to_owned() } else { format!("{seconds:5.2} s") };
    let mut lines = detail.lines();
    let mut text = format!("  {mark} {padded}{time}  {}", lines.next().unwrap_or_default()).trim_end().to_owned();
    for line in lines {
        text += &format!("\n{:1$}{line}", "", 4 + TITLE + 9);
    }
    text
}

fn scenario_lines(report: &ScenarioReport) -> Option<String> {
    let mark = style::verdict_mark(report.verdict);
    match report.verdict {
        Verdict::Pass => None,
        Verdict::Skip => {
            Some(format!("  {mark} {} skipped: {}", report.id, report.reason.as_deref().unwrap_or("no reason given")))
        }
        Verdict::ExpectedDefect => {
            Some(format!("  {mark} {} known defect: {}", report.id, report.reason.as_deref().unwrap_or_default()))
        }
        _ => Some(failure_text(report)),
    }
}

/// `120 passed · 1 failed · 1 skipped · 4.9 s`.
pub fn tally_line(tally: &Tally, seconds: f64) -> String {
    let mut parts = vec![format!("{} passed", tally.passed), format!("{} failed", tally.failed)];
    let rare = [
        (tally.skipped, "skipped"),
        (tally.expected, "with a known defect"),
        (tally.stale, "stale: right although a defect is expected"),
        (tally.flaky, "flaky"),
    ];
    parts.extend(rare.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")));
    parts.push(format!("{seconds:.2} s"));
    parts.join(" · ")
}

/// A text padded on the right to a width, as people see it.
pub fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(measure_text_width(text));
    format!("{text}{}", " ".repeat(missing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_one_calm_line() {
        console::set_colors_enabled_stderr(false);
        let line = step_line("kubernetes api", Change::Made, 0.021, "https://127.0.0.1:41231");
        assert_eq!(line, "  ✔ kubernetes api           0.02 s  https://127.0.0.1:41231");
        let warned =
            step_line("ollama", Change::Warned, 0.0, "nothing listens on 127.0.0.1:11434 (HOST-01)\n`ollama serve`");
        assert_eq!(
            warned,
            "  ! ollama                           nothing listens on 127.0.0.1:11434 (HOST-01)\n                                     `ollama serve`"
        );
    }

    #[test]
    fn a_tally_names_only_what_there_is() {
        let tally = Tally { passed: 20, failed: 1, ..Tally::default() };
        assert_eq!(tally_line(&tally, 0.512), "20 passed · 1 failed · 0.51 s");
    }
}
