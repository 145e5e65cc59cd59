//! The head of the page: counts, a filter, and a line for each scenario with its time.

use super::{
    Page,
    html::{escaped, word},
};
use crate::event::{ScenarioReport, Verdict};

/// Verdicts in the order in which they matter.
const ORDER: [Verdict; 6] =
    [Verdict::Fail, Verdict::Stale, Verdict::Flaky, Verdict::ExpectedDefect, Verdict::Skip, Verdict::Pass];

pub(super) fn header(page: &Page<'_>, scenarios: &[&ScenarioReport]) -> String {
    let count = |verdict: Verdict| scenarios.iter().filter(|report| report.verdict == verdict).count();
    let buttons: String = ORDER
        .iter()
        .filter(|verdict| count(**verdict) > 0)
        .map(|verdict| {
            let name = word(*verdict);
            format!("<button class=\"chip {name}\" data-show=\"{name}\">{} {name}</button>", count(*verdict))
        })
        .collect();
    let share: String = ORDER
        .iter()
        .filter(|verdict| count(**verdict) > 0)
        .map(|verdict| format!("<i class=\"{}\" style=\"flex-grow:{}\"></i>", word(*verdict), count(*verdict)))
        .collect();
    let error = page
        .setup_error
        .map(|error| format!("<p class=\"setup\">The run failed before its scenarios could: {}</p>", escaped(error)))
        .unwrap_or_default();
    format!(
        "<header><h1>agw-sandbox test</h1><p class=\"about\">{} · {} scenarios · {:.1} s</p>{error}\
         <div class=\"share\" role=\"img\" aria-label=\"share of verdicts\">{share}</div>\
         <nav><button class=\"chip all\" data-show=\"all\">{} all</button>{buttons}</nav></header>",
        escaped(page.title),
        scenarios.len(),
        page.seconds,
        scenarios.len(),
    )
}

pub(super) fn index(scenarios: &[&ScenarioReport]) -> String {
    let longest = scenarios.iter().map(|report| report.seconds).fold(0.001, f64::max);
    let rows: String = scenarios
        .iter()
        .map(|report| {
            let verdict = word(report.verdict);
            format!(
                "<tr class=\"row {verdict}\" data-verdict=\"{verdict}\"><td><a href=\"#{id}\">{id}</a></td>\
                 <td class=\"verdict\">{verdict}</td><td>{title}</td><td class=\"time\"><b style=\"width:{width:.1}%\"></b>\
                 <span>{seconds:.0} ms</span></td></tr>",
                id = escaped(&report.id),
                title = escaped(&report.title),
                width = report.seconds / longest * 100.0,
                seconds = report.seconds * 1000.0,
            )
        })
        .collect();
    format!("<details class=\"index\" open><summary>All scenarios</summary><table>{rows}</table></details>")
}
