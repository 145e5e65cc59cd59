//! Traces as trees.

use super::lines::padded;
use crate::exchange::Span;
use console::measure_text_width;
use indexmap::IndexMap;
use serde_json::{Map, Value};
use std::collections::{HashMap, HashSet};

/// How many levels are drawn; deeper spans stand on the last of them.
const DRAWN_LEVELS: usize = 32;
/// The longest name, or value of an attribute, that is shown, in characters.
const LONGEST_TEXT: usize = 200;

/// The spans of one trace, each behind the one that it is a part of.
#[derive(Debug)]
pub struct Trace<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its spans as they stand in the tree.
    pub rows: Vec<Row<'a>>,
}

/// A span in its place.
#[derive(Debug)]
pub struct Row<'a> {
    /// The span.
    pub span: &'a Span,
    /// How many spans are above it.
    pub depth: usize,
    /// The lines of the tree before it.
    branch: String,
    /// The lines of the tree before what belongs to it.
    below: String,
    /// Whether it names a parent that is not here.
    is_orphan: bool,
}

/// The traces of these spans, in the order in which each was first heard of.
pub fn traces(spans: &[Span]) -> Vec<Trace<'_>> {
    let mut by_trace: IndexMap<&str, Vec<&Span>> = IndexMap::new();
    for span in spans {
        by_trace.entry(&span.trace_id).or_default().push(span);
    }
    by_trace.into_iter().map(|(id, spans)| Trace { id, rows: rows(spans) }).collect()
}

fn rows(mut spans: Vec<&Span>) -> Vec<Row<'_>> {
    // The earlier first; of those that begin together the one that takes longer.
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let known: HashSet<&str> = spans.iter().map(|span| span.span_id.as_str()).collect();
    let mut children: HashMap<&str, Vec<usize>> = HashMap::new();
    for (place, span) in spans.iter().enumerate() {
        children.entry(&span.parent_span_id).or_default().push(place);
    }
    let is_root = |span: &Span| !known.contains(span.parent_span_id.as_str());
    let (roots, others): (Vec<usize>, Vec<usize>) = (0..spans.len()).partition(|place| is_root(spans[*place]));
    let mut drawing = Drawing { spans: &spans, children, drawn: HashSet::new(), rows: Vec::new() };
    drawing.draw(&roots);
    // Spans that are above each other have no root; the earliest stands for one.
    for place in others {
        drawing.draw(&[place]);
    }
    drawing.rows
}

struct Drawing<'a, 'b> {
    spans: &'b [&'a Span],
    children: HashMap<&'a str, Vec<usize>>,
    drawn: HashSet<usize>,
    rows: Vec<Row<'a>>,
}

impl<'a> Drawing<'a, '_> {
    /// Draws these spans and what is below them, without recursion: a trace may be as deep as it has spans.
    fn draw(&mut self, roots: &[usize]) {
        let mut waiting: Vec<(usize, usize, String, bool)> = Vec::new();
        let count = roots.len();
        waiting.extend(roots.iter().enumerate().rev().map(|(n, root)| (*root, 0, String::new(), n + 1 == count)));
        while let Some((place, depth, above, is_last)) = waiting.pop() {
            if !self.drawn.insert(place) {
                continue;
            }
            let span = self.spans[place];
            let (branch, below) = lines(&above, depth, is_last);
            let children = self.children.get(span.span_id.as_str()).cloned().unwrap_or_default();
            let count = children.len();
            let next = children.into_iter().enumerate().rev();
            waiting.extend(next.map(|(n, child)| (child, depth + 1, below.clone(), n + 1 == count)));
            let is_orphan = depth == 0 && !span.parent_span_id.is_empty();
            self.rows.push(Row { span, depth, branch, below, is_orphan });
        }
    }
}

fn lines(above: &str, depth: usize, is_last: bool) -> (String, String) {
    if depth >= DRAWN_LEVELS {
        return (above.to_owned(), above.to_owned());
    }
    match is_last {
        true => (format!("{above}└─ "), format!("{above}   ")),
        false => (format!("{above}├─ "), format!("{above}│  ")),
    }
}

impl Trace<'_> {
    /// Milliseconds from the first beginning to the last end.
    pub fn milliseconds(&self) -> f64 {
        let start = self.rows.iter().map(|row| row.span.start).min();
        let end = self.rows.iter().map(|row| row.span.end).max();
        start.zip(end).map_or(0.0, |(start, end)| end.duration_since(start).as_secs_f64() * 1_000.0)
    }

    /// The tree as people read it; `full` adds attributes and events.
    pub fn text(&self, full: bool) -> String {
        let count = self.rows.len();
        let lane = self.rows.first().map(|row| row.span.origin.lane.to_string()).unwrap_or_default();
        let spans = if count == 1 { "span" } else { "spans" };
        let head =
            format!("trace {} · {count} {spans} · {:.2} ms · lane {}\n", self.id, self.milliseconds(), clean(&lane));
        let names: Vec<String> =
            self.rows.iter().map(|row| format!("{}{}", row.branch, clean(&row.span.name))).collect();
        let width = names.iter().map(|name| measure_text_width(name)).max().unwrap_or(0);
        let lines = self.rows.iter().zip(&names).map(|(row, name)| {
            let details = if full { row.details() } else { String::new() };
            format!("{}{}\n{details}", padded(name, width + 2), row.facts())
        });
        std::iter::once(head).chain(lines).collect()
    }
}

impl Row<'_> {
    fn facts(&self) -> String {
        let span = self.span;
        let took = span.took().as_secs_f64() * 1_000.0;
        let mut facts = format!("{took:>10.2} ms  {}  {}", padded(&span.kind, 8), clean(span.service()));
        if span.status == "error" {
            facts.push_str(&format!("  ✘ error {}", clean(&span.message)));
        }
        if self.is_orphan {
            facts.push_str(&format!("  ! its parent {} is not here", span.parent_span_id));
        }
        facts.trim_end().to_owned()
    }

    fn details(&self) -> String {
        let attributes = described(&self.span.attributes).into_iter();
        let events = self.span.events.iter().map(|event| {
            let after = event.at.duration_since(self.span.start).as_secs_f64() * 1_000.0;
            let attributes = described(&event.attributes).join(", ");
            format!("at {after:.2} ms: {} {attributes}", clean(&event.name)).trim_end().to_owned()
        });
        let links = self.span.links.iter().map(|link| format!("see {link}"));
        attributes.chain(events).chain(links).map(|line| format!("{}  {line}\n", self.below)).collect()
    }
}

fn described(attributes: &Map<String, Value>) -> Vec<String> {
    let value = |value: &Value| match value {
        Value::String(text) => clean(text),
        other => clean(&other.to_string()),
    };
    attributes.iter().map(|(name, found)| format!("{} = {}", clean(name), value(found))).collect()
}

/// A text from outside that does nothing to a terminal.
fn clean(text: &str) -> String {
    let mut letters = text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter });
    let mut clean: String = letters.by_ref().take(LONGEST_TEXT).collect();
    if letters.next().is_some() {
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn span(id: &str, parent: &str, name: &str, from: u32, to: u32) -> Span {
        let at = |milliseconds: u32| format!("2026-01-01T00:00:00.{milliseconds:03}Z");
        serde_json::from_value(json!({
            "resource": { "service.name": "gateway" }, "traceId": "t1", "spanId": id, "parentSpanId": parent, "name": name,
            "kind": "server", "start": at(from), "end": at(to), "status": if name == "bad" { "error" } else { "unset" },
            "message": "", "attributes": { "a": 1, "b": "x\u{1b}[2J" },
        }))
        .unwrap()
    }

    #[test]
    fn spans_stand_below_their_parents_in_the_order_of_time() {
        let spans = [
            span("c", "a", "third", 5, 9),
            span("d", "b", "bad", 2, 3),
            span("b", "a", "second", 1, 4),
            span("a", "", "first", 0, 10),
            span("e", "gone", "lost", 20, 21),
        ];
        let found = traces(&spans);
        insta::assert_snapshot!(found[0].text(false), @r"
        trace t1 · 5 spans · 21.00 ms · lane default
        ├─ first           10.00 ms  server    gateway
        │  ├─ second        3.00 ms  server    gateway
        │  │  └─ bad        1.00 ms  server    gateway  ✘ error
        │  └─ third         4.00 ms  server    gateway
        └─ lost             1.00 ms  server    gateway  ! its parent gone is not here
        ");
        assert!(found[0].text(true).contains("│       a = 1\n│       b = x\u{fffd}[2J\n"), "{}", found[0].text(true));
    }

    #[test]
    fn circles_and_great_depth_are_drawn_too() {
        let circle = [span("a", "b", "x", 0, 1), span("b", "a", "y", 0, 1), span("c", "c", "z", 0, 1)];
        assert_eq!(traces(&circle)[0].rows.len(), 3);
        let chain: Vec<Span> = (0..5_000)
            .map(|n| span(&format!("s{n}"), &(if n == 0 { String::new() } else { format!("s{}", n - 1) }), "x", 0, 1))
            .collect();
        let found = traces(&chain);
        assert_eq!(found[0].rows.last().map(|row| row.depth), Some(4_999));
        assert!(found[0].text(false).len() < 5_000 * 250);
    }
}
