//! One page that shows a run: overview, wiring, and both ends of every exchange. It needs nothing but itself.

mod exchange;
mod html;
mod overview;
mod pairs;
mod scenario;

use crate::event::ScenarioReport;
use html::escaped;
use std::{io, path::Path};

/// What a page tells.
pub struct Page<'a> {
    /// What was tested, in words.
    pub title: &'a str,
    /// Scenarios in the order of their end.
    pub scenarios: &'a [ScenarioReport],
    /// Why the run as a whole failed.
    pub setup_error: Option<&'a str>,
    /// How long it took.
    pub seconds: f64,
    /// The wiring of a scenario by id.
    pub wiring: &'a dyn Fn(&str) -> Option<PageWiring>,
}

/// What a scenario wires up, in words.
#[derive(Debug, Clone, Default)]
pub struct PageWiring {
    /// Listeners.
    pub listeners: Vec<String>,
    /// Routes.
    pub routes: Vec<String>,
    /// Backends.
    pub backends: Vec<String>,
    /// Mocks.
    pub mocks: Vec<String>,
}

/// Writes the page at once as a whole.
pub fn write_page(path: &Path, page: &Page<'_>) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    io::Write::write_all(&mut file, page_text(page).as_bytes())?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// The page as text.
fn page_text(page: &Page<'_>) -> String {
    let mut scenarios: Vec<&ScenarioReport> = page.scenarios.iter().collect();
    scenarios.sort_by(|a, b| a.id.cmp(&b.id));
    let section = |report: &&ScenarioReport| scenario::section(report, (page.wiring)(&report.id).as_ref());
    // What is wrong comes first: the cause is seen without a click.
    let (bad, good): (Vec<_>, Vec<_>) = scenarios.iter().partition(|report| html::is_bad(report.verdict));
    let causes: String = bad.into_iter().map(section).collect();
    let details: String = good.into_iter().map(section).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>agw-sandbox test: {title}</title>\n<style>\n{style}</style></head>\n<body>\n{overview}\n\
         <main>{causes}{index}{details}</main>\n<script>\n{script}</script>\n</body></html>\n",
        title = escaped(page.title),
        style = include_str!("page.css"),
        overview = overview::header(page, &scenarios),
        index = overview::index(&scenarios),
        script = include_str!("page.js"),
    )
}
