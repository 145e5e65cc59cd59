//! The first words of running mocks: where they are, what they accept, and how they are used.

use super::{credentials, snippets::snippet};
use crate::{
    mock::{MockEndpoint, Mocks, Protocol},
    report::{SCHEMA, Table, print_data, print_talk},
};
use serde_json::{Map, Value, json};

/// A table of the mocks, and a client for each.
pub(super) fn tell(mocks: &Mocks) {
    let mut table = Table::headed(&["MOCK", "BASE URL", "WHAT IT PLAYS"]);
    for endpoint in mocks.endpoints() {
        table.row([endpoint.name, endpoint.base_url.as_str(), endpoint.about]);
    }
    let snippets = mocks.endpoints().iter().filter_map(|endpoint| Some((endpoint.name, snippet(endpoint)?)));
    let snippets: String = snippets.map(|(name, text)| format!("\n# {name}\n{text}")).collect();
    print_data(&format!("{table}{snippets}"));
    print_talk("what they receive: agw-sandbox mock requests; Ctrl-C ends the mocks");
}

/// The same as one line of JSON.
pub(super) fn write_ready(mocks: &Mocks) {
    let each = |value: fn(&MockEndpoint) -> Value| -> Map<String, Value> {
        mocks.endpoints().iter().map(|endpoint| (endpoint.name.to_owned(), value(endpoint))).collect()
    };
    let urls = each(|endpoint| json!(endpoint.base_url));
    let mut accepted = each(|endpoint| credentials::of(endpoint.name));
    accepted.retain(|name, _| mocks.endpoint(name).is_some_and(|endpoint| endpoint.protocol == Protocol::Llm));
    let snippets = each(|endpoint| json!(snippet(endpoint)));
    let ready = json!({
        "schema": SCHEMA,
        "event": "mock.ready",
        "urls": urls,
        "credentials": accepted,
        "snippets": snippets,
    });
    print_data(&ready.to_string());
}
