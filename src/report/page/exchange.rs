//! One exchange of the client beside what the gateway made of it, with the differences marked.

use super::{html::escaped, pairs::Pair};
use crate::event::ClientExchange;
use crate::exchange::{Exchange, Outcome};
use serde_json::Value;
use std::collections::BTreeMap;

/// Lines of a body that are shown.
const LINES: usize = 200;

/// What differs between two sides, by line: the lines that the other side has.
struct Other(BTreeMap<String, usize>);

impl Other {
    fn of(lines: &[String]) -> Self {
        let mut counts = BTreeMap::new();
        for line in lines {
            *counts.entry(line.trim_end_matches(',').to_owned()).or_default() += 1;
        }
        Self(counts)
    }

    /// Whether the other side has the line too; each of its lines counts once.
    fn has(&mut self, line: &str) -> bool {
        match self.0.get_mut(line.trim_end_matches(',')) {
            Some(count) if *count > 0 => {
                *count -= 1;
                true
            }
            _ => false,
        }
    }
}

pub(super) fn pair(pair: &Pair<'_>) -> String {
    let left = pair.client.map(|client| side_of_client(client, pair.received.last().copied())).unwrap_or_default();
    let right: String = match pair.received.is_empty() {
        true => "<p class=\"none\">nothing reached a mock</p>".to_owned(),
        false => pair.received.iter().map(|received| side_of_mock(received, pair.client)).collect(),
    };
    format!("<div class=\"pair\"><div class=\"side\">{left}</div><div class=\"side\">{right}</div></div>")
}

fn side_of_client(client: &ClientExchange, received: Option<&Exchange>) -> String {
    let request = head_and_body(&client.request_headers, &client.request_body);
    let answer = head_and_body(&client.headers, &client.body);
    let theirs = received.map(|it| head_and_body(&it.received.headers, &it.received.body)).unwrap_or_default();
    let sent = received.and_then(|it| it.sent.as_ref());
    let sent = sent.map(|sent| head_and_body(&sent.headers, &sent.body)).unwrap_or_default();
    let status = client.status.map_or("no answer".to_owned(), |status| status.to_string());
    let events = match client.first_event {
        Some(first) => format!(", {} events, the first after {first:.0} ms", client.events),
        None => String::new(),
    };
    let end = if client.end == "complete" { String::new() } else { format!(", {}", client.end) };
    format!(
        "<h4>#{} {}</h4>{}<h4>← {status} <small>{:.1} ms{events}{end}</small></h4>{}",
        client.number,
        escaped(&client.request_line),
        block(&request, &theirs, received.is_some(), "gone"),
        client.milliseconds,
        block(&answer, &sent, received.is_some(), "new"),
    )
}

fn side_of_mock(exchange: &Exchange, client: Option<&ClientExchange>) -> String {
    let request = head_and_body(&exchange.received.headers, &exchange.received.body);
    let theirs = client.map(|client| head_and_body(&client.request_headers, &client.request_body)).unwrap_or_default();
    let got = client.map(|client| head_and_body(&client.headers, &client.body)).unwrap_or_default();
    let sent = exchange.sent.as_ref();
    let answer = sent.map(|sent| head_and_body(&sent.headers, &sent.body)).unwrap_or_default();
    let status = sent.map_or("nothing".to_owned(), |sent| sent.status.to_string());
    let took = exchange.ended_at.map(|end| end.duration_since(exchange.at).as_secs_f64() * 1000.0);
    let took = took.map(|took| format!("{took:.1} ms")).unwrap_or_default();
    let end = match exchange.outcome {
        Outcome::Complete => "",
        Outcome::Open => ", still open",
        Outcome::ClientLeft => ", the gateway left",
        Outcome::CutByUs => ", cut on purpose",
    };
    format!(
        "<h4><span class=\"mock\">{}</span> {} {}</h4>{}<h4>→ {status} <small>{took}{end}</small></h4>{}",
        escaped(&exchange.mock),
        escaped(&exchange.received.method),
        escaped(&exchange.received.target),
        block(&request, &theirs, client.is_some(), "new"),
        block(&answer, &got, client.is_some(), "gone"),
    )
}

/// Headers and body as lines; JSON is laid out, so that it can be compared line by line.
fn head_and_body(headers: &[(String, String)], body: &str) -> Vec<String> {
    let mut lines: Vec<String> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    lines.sort();
    if !body.is_empty() {
        lines.push(String::new());
        let json = serde_json::from_str::<Value>(body).ok().map(sorted);
        let laid_out = json.and_then(|json| serde_json::to_string_pretty(&json).ok());
        lines.extend(laid_out.as_deref().unwrap_or(body).lines().map(str::to_owned));
    }
    lines
}

/// The same with keys in one order on both sides.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<String, Value> = fields.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// Lines, those marked that the other side lacks.
fn block(lines: &[String], other: &[String], compares: bool, class: &str) -> String {
    let mut other = Other::of(other);
    let mut text = String::new();
    for line in lines.iter().take(LINES) {
        let differs = compares && !line.is_empty() && !other.has(line);
        match differs {
            true => text += &format!("<mark class=\"{class}\">{}</mark>\n", escaped(line)),
            false => text += &format!("{}\n", escaped(line)),
        }
    }
    if lines.len() > LINES {
        text += &format!("… {} lines in all\n", lines.len());
    }
    format!("<pre>{text}</pre>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_the_other_side_lacks_are_marked_and_nothing_is_html() {
        let mine = head_and_body(&[("host".to_owned(), "a<b".to_owned())], r#"{"a":1,"b":2}"#);
        let theirs = head_and_body(&[], r#"{"b":2,"a":1}"#);
        let text = block(&mine, &theirs, true, "gone");
        assert!(text.contains("<mark class=\"gone\">host: a&lt;b</mark>"), "{text}");
        assert_eq!(text.matches("<mark").count(), 1, "{text}");
    }
}
