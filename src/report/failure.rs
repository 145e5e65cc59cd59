//! A failed scenario on one screen: the expectation that broke, both ends of every exchange, and the command that runs it alone.

use super::{lines::padded, style};
use crate::event::{ClientExchange, Failure, ScenarioReport};
use crate::exchange::Exchange;

/// Longest piece of a body that is shown.
const BODY: usize = 600;
/// Most exchanges that are shown of each side.
const EXCHANGES: usize = 6;
/// Width of the left column of the side-by-side view.
const COLUMN: usize = 58;

/// The whole story of a failure.
pub fn failure_text(report: &ScenarioReport) -> String {
    let mark = style::verdict_mark(report.verdict);
    let mut text = format!("\n{mark} {} {}   {:.2} s\n", report.id, report.title, report.seconds);
    let Some(failure) = &report.failure else {
        return text + &format!("  {}\n", report.reason.as_deref().unwrap_or("no evidence was kept"));
    };
    text += &broken_text(failure);
    text += &exchanges_text(failure);
    for object in &failure.objects {
        text += &format!("  object   {}: {}\n", object.object, object.conditions);
    }
    text +=
        &format!("  alone    agw-sandbox test {id}        explain  agw-sandbox scenarios show {id}\n", id = report.id);
    text
}

fn broken_text(failure: &Failure) -> String {
    let mut text = String::new();
    for broken in &failure.broken {
        text += &format!("  {}:{}\n", failure.file, broken.line);
        text += &format!("  {:>4} │ {}\n", broken.line, broken.text.trim());
        text += &format!("       · expected {}, got {}\n", broken.expected, broken.got);
    }
    text + "\n"
}

fn exchanges_text(failure: &Failure) -> String {
    let mut left = earlier(failure.client.len());
    left.extend(last(&failure.client).iter().flat_map(client_lines));
    let mut right = earlier(failure.received.len());
    right.extend(last(&failure.received).iter().flat_map(mock_lines));
    if right.is_empty() {
        right.push("(nothing)".to_owned());
    }
    let mut text = format!("  {}{}\n", padded("client → gateway", COLUMN), "what the mock received");
    for row in 0..left.len().max(right.len()) {
        let cell = |lines: &[String]| lines.get(row).cloned().unwrap_or_default();
        text += format!("  {}{}", padded(&cell(&left), COLUMN), cell(&right)).trim_end();
        text.push('\n');
    }
    text
}

/// The exchanges that are shown: what breaks is at the end.
fn last<T>(exchanges: &[T]) -> &[T] {
    &exchanges[exchanges.len().saturating_sub(EXCHANGES)..]
}

fn earlier(count: usize) -> Vec<String> {
    match count.saturating_sub(EXCHANGES) {
        0 => Vec::new(),
        hidden => vec![format!("({hidden} earlier ones are not shown)")],
    }
}

fn client_lines(exchange: &ClientExchange) -> Vec<String> {
    let mut lines = vec![format!("#{} {}", exchange.number, exchange.request_line)];
    lines.extend(exchange.request_headers.iter().map(|(name, value)| format!("   {name}: {value}")));
    lines.extend(body_lines(&exchange.request_body));
    let status = exchange.status.map_or("no answer".to_owned(), |status| status.to_string());
    lines.push(format!("   ← {status}, {} B, {:.0} ms", exchange.body.len(), exchange.milliseconds));
    lines.extend(exchange.headers.iter().map(|(name, value)| format!("   {name}: {value}")));
    lines.extend(body_lines(&exchange.body));
    lines.iter().flat_map(|line| wrapped(line, COLUMN - 2)).collect()
}

fn mock_lines(exchange: &Exchange) -> Vec<String> {
    let received = &exchange.received;
    let mut lines = vec![format!("#{} {} {} {}", exchange.sequence, exchange.mock, received.method, received.target)];
    lines.extend(received.headers.iter().map(|(name, value)| format!("   {name}: {value}")));
    lines.extend(body_lines(&received.body));
    if let Some(sent) = &exchange.sent {
        lines.push(format!("   → {} ({:?})", sent.status, exchange.outcome));
    }
    lines
}

fn body_lines(body: &str) -> Vec<String> {
    let shown: String = body.chars().take(BODY).collect();
    let mut lines: Vec<String> =
        shown.lines().filter(|line| !line.is_empty()).map(|line| format!("   {line}")).collect();
    if shown.len() < body.len() {
        lines.push(format!("   … {} bytes in all", body.len()));
    }
    lines
}

fn wrapped(line: &str, width: usize) -> Vec<String> {
    let characters: Vec<char> = line.chars().collect();
    if characters.is_empty() {
        return vec![String::new()];
    }
    characters.chunks(width).map(|chunk| chunk.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Broken, Verdict};

    #[test]
    fn both_ends_stand_side_by_side() {
        console::set_colors_enabled_stderr(false);
        let report = ScenarioReport {
            id: "POL-10".into(),
            title: "a local limit".into(),
            verdict: Verdict::Fail,
            seconds: 0.04,
            reason: None,
            evidence: None,
            failure: Some(Failure {
                file: "tests/scenarios/policy/local-rate-limit.yaml".into(),
                broken: vec![Broken {
                    line: 31,
                    text: "status: 429".into(),
                    expected: "429".into(),
                    got: "200".into(),
                }],
                client: vec![ClientExchange {
                    number: 3,
                    at: jiff::Timestamp::UNIX_EPOCH,
                    request_line: "POST /v1/chat/completions".into(),
                    request_headers: vec![],
                    request_body: String::new(),
                    status: Some(200),
                    headers: vec![],
                    body: "{}".into(),
                    milliseconds: 1.0,
                    first_event: None,
                    events: 0,
                    end: "complete".into(),
                }],
                received: vec![],
                objects: vec![],
            }),
        };
        let text = failure_text(&report);
        assert!(text.contains("expected 429, got 200"), "{text}");
        assert!(text.contains("tests/scenarios/policy/local-rate-limit.yaml:31"), "{text}");
        assert!(text.contains("#3 POST /v1/chat/completions") && text.contains("(nothing)"), "{text}");
        assert!(text.contains("agw-sandbox test POL-10"), "{text}");
    }
}
