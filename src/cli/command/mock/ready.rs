//! The first words of running mocks: where they are, what they accept, and how they are used.

use super::super::trust_files::TrustFiles;
use super::{credentials, snippets::snippet, tries::line};
use crate::{
    mock::{MockEndpoint, Mocks, Protocol},
    report::{SCHEMA, Table, print_data, print_talk},
};
use serde_json::{Map, Value, json};

/// A table of the mocks with a line to try each, and a client for those that have an SDK.
pub(super) fn tell(mocks: &Mocks, files: Option<&TrustFiles>) {
    let mut table = Table::headed(&["MOCK", "BASE URL", "WHAT IT PLAYS"]);
    for endpoint in mocks.endpoints() {
        table.row([endpoint.name, endpoint.base_url.as_str(), endpoint.about]);
    }
    let table = table.to_string();
    let mut rows = table.lines();
    let head = rows.next().unwrap_or_default().to_owned();
    let rows = rows.zip(mocks.endpoints()).map(|(row, endpoint)| match line(endpoint, files) {
        Some(line) => format!("{row}\n  $ {line}"),
        None => row.to_owned(),
    });
    let rows: Vec<String> = std::iter::once(head).chain(rows).collect();
    let snippets = mocks.endpoints().iter().filter_map(|endpoint| Some((endpoint.name, snippet(endpoint)?)));
    let snippets: String = snippets.map(|(name, text)| format!("\n# {name}\n{text}")).collect();
    print_data(&format!("{}\n{snippets}", rows.join("\n")));
    print_talk("what they receive: agw-sandbox mock requests; tokens: agw-sandbox token; Ctrl-C ends the mocks");
}

/// The same as one line of JSON.
pub(super) fn write_ready(mocks: &Mocks, files: Option<&TrustFiles>) {
    let each = |value: &dyn Fn(&MockEndpoint) -> Value| -> Map<String, Value> {
        mocks.endpoints().iter().map(|endpoint| (endpoint.name.to_owned(), value(endpoint))).collect()
    };
    let mut urls = each(&|endpoint| json!(endpoint.base_url));
    if let Some(first) = mocks.endpoints().iter().find(|endpoint| endpoint.protocol == Protocol::Mcp) {
        urls.insert("mcp".to_owned(), json!(first.base_url));
    }
    let mut accepted = each(&|endpoint| credentials::of(endpoint.name));
    accepted.retain(|name, _| mocks.endpoint(name).is_some_and(|endpoint| endpoint.protocol == Protocol::Llm));
    let mut snippets = each(&|endpoint| json!(snippet(endpoint)));
    snippets.retain(|_, snippet| !snippet.is_null());
    let mut ready = json!({
        "schema": SCHEMA,
        "event": "mock.ready",
        "urls": urls,
        "credentials": accepted,
        "snippets": snippets,
        "about": each(&|endpoint| json!(endpoint.about)),
        "try": each(&|endpoint| json!(line(endpoint, files))),
    });
    if let Some(files) = files {
        ready["trust"] = json!(files);
    }
    print_data(&ready.to_string());
}
