//! One scenario on the page: what broke, its wiring, and its exchanges.

use super::{
    PageWiring, exchange,
    html::{escaped, is_bad, word},
    pairs::pairs,
};
use crate::event::{Failure, ScenarioReport};

pub(super) fn section(report: &ScenarioReport, wiring: Option<&PageWiring>) -> String {
    let verdict = word(report.verdict);
    let evidence = report.failure.as_ref().or(report.evidence.as_ref());
    let reason = report.reason.as_ref().map(|reason| format!("<p class=\"reason\">{}</p>", escaped(reason)));
    format!(
        "<details class=\"scenario {verdict}\" id=\"{id}\" data-verdict=\"{verdict}\"{open}>\
         <summary><span class=\"id\">{id}</span> <span class=\"verdict\">{verdict}</span> {title} \
         <span class=\"ms\">{time:.0} ms</span></summary>{reason}{body}</details>\n",
        id = escaped(&report.id),
        title = escaped(&report.title),
        open = if is_bad(report.verdict) { " open" } else { "" },
        time = report.seconds * 1000.0,
        reason = reason.unwrap_or_default(),
        body = evidence.map(|evidence| body(report, evidence, wiring)).unwrap_or_default(),
    )
}

fn body(report: &ScenarioReport, evidence: &Failure, wiring: Option<&PageWiring>) -> String {
    let shown: String = pairs(evidence).iter().map(exchange::pair).collect();
    let exchanges = match shown.is_empty() {
        true => "<p class=\"none\">Nothing was sent.</p>".to_owned(),
        false => format!("<div class=\"heads\"><span>client → gateway</span><span>gateway → mock</span></div>{shown}"),
    };
    format!(
        "{}{}{exchanges}{}<p class=\"alone\"><code>agw-sandbox test {id}</code> runs it alone · \
         <code>agw-sandbox scenarios show {id}</code> prints it</p>",
        broken(evidence),
        wiring.map(topology).unwrap_or_default(),
        objects(evidence),
        id = escaped(&report.id),
    )
}

fn broken(evidence: &Failure) -> String {
    let items: String = evidence
        .broken
        .iter()
        .map(|broken| {
            format!(
                "<li><code class=\"place\">{}:{}</code><code class=\"line\">{}</code>\
                 <span class=\"wanted\"><em>expected</em> {}</span><span class=\"got\"><em>got</em> {}</span></li>",
                escaped(&evidence.file),
                broken.line,
                escaped(broken.text.trim()),
                escaped(&broken.expected),
                escaped(&broken.got),
            )
        })
        .collect();
    if items.is_empty() { items } else { format!("<ul class=\"broken\">{items}</ul>") }
}

/// Boxes from left to right: listeners, routes, backends, mocks.
fn topology(wiring: &PageWiring) -> String {
    let columns = [
        ("listeners", &wiring.listeners),
        ("routes", &wiring.routes),
        ("backends", &wiring.backends),
        ("mocks", &wiring.mocks),
    ];
    let boxes: String = columns
        .iter()
        .filter(|(_, items)| !items.is_empty())
        .map(|(name, items)| {
            let items: String = items.iter().map(|item| format!("<li>{}</li>", escaped(item))).collect();
            format!("<div><h3>{name}</h3><ul>{items}</ul></div>")
        })
        .collect();
    format!("<div class=\"topology\">{boxes}</div>")
}

fn objects(evidence: &Failure) -> String {
    let rows: String = evidence
        .objects
        .iter()
        .map(|object| format!("<tr><td>{}</td><td>{}</td></tr>", escaped(&object.object), escaped(&object.conditions)))
        .collect();
    if rows.is_empty() {
        rows
    } else {
        format!("<details class=\"objects\"><summary>objects</summary><table>{rows}</table></details>")
    }
}
