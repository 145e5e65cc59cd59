//! All MCP servers that there are. A new one is a sheet and a line here.

use super::controls::controls;
use super::hostile;
use super::hub::Hub;
use super::oauth::Protection;
use super::personality::Personality;
use super::refusal::refuse;
use super::router::router;
use crate::mock::Protocol;
use crate::mock::catalog::Mock;
use axum::Router;
use std::sync::{Arc, LazyLock};
use tokio_util::sync::CancellationToken;

/// Name, port, path that clients take, what it is for, and the sheet.
type Row = (&'static str, u16, &'static str, &'static str, &'static str);

pub(super) const ROWS: [Row; 9] = [
    (
        "everything",
        9121,
        "/mcp",
        "MCP: every feature of every revision, with the fixtures of the official suite",
        include_str!("sheets/everything.yaml"),
    ),
    ("toolbox", 9120, "/mcp", "MCP: tools for every kind of content", include_str!("sheets/toolbox.yaml")),
    (
        "kubernetes",
        9122,
        "/mcp",
        "MCP: tools of kubernetes-mcp-server with the rights of a reader",
        include_str!("sheets/kubernetes.yaml"),
    ),
    ("slow", 9123, "/mcp", "MCP: answers that take their time", include_str!("sheets/slow.yaml")),
    ("flaky", 9124, "/mcp", "MCP: answers now and then", include_str!("sheets/flaky.yaml")),
    ("big", 9126, "/mcp", "MCP: a thousand tools, fifty a page", include_str!("sheets/big.yaml")),
    ("workshop", 9127, "/mcp", "MCP: tools with the names of the toolbox's", include_str!("sheets/workshop.yaml")),
    (PROTECTED, 9128, "/mcp", "MCP: for bearer tokens only (RFC 9728)", include_str!("sheets/protected.yaml")),
    ("legacy", 9129, "/sse", "MCP: the older transport, HTTP with SSE", include_str!("sheets/legacy.yaml")),
];

/// The server that wants a token.
const PROTECTED: &str = "protected";
/// The server that speaks bad protocol, and its port.
const HOSTILE: (&str, u16) = ("hostile", 9125);

/// All personalities, in the order of the rows: the sheets are read once.
static PERSONALITIES: LazyLock<Vec<Arc<Personality>>> =
    LazyLock::new(|| ROWS.iter().map(|(.., sheet)| Arc::new(Personality::built_in(sheet))).collect());

/// The personality of a server.
pub(super) fn personality(name: &str) -> Option<Arc<Personality>> {
    let place = ROWS.iter().position(|(known, ..)| *known == name)?;
    PERSONALITIES.get(place).cloned()
}

/// The servers as mocks; the first is the one that has everything. Their sessions end with the token.
pub(in crate::mock) fn servers(cancel: &CancellationToken, tokens: Protection) -> Vec<Mock> {
    let ordinary = ROWS.iter().zip(PERSONALITIES.iter()).map(|((name, port, base_path, about, _), personality)| {
        let hub = Arc::new(Hub::new(Arc::clone(personality)));
        let protection = (*name == PROTECTED).then(|| Arc::clone(&tokens));
        let mock = mock(name, *port, base_path, about, router(&hub, protection, cancel));
        Mock { controls: controls(hub), ..mock }
    });
    let about = "MCP: huge answers, broken JSON-RPC, wrong ids, injected prompts";
    ordinary.chain([mock(HOSTILE.0, HOSTILE.1, "/mcp", about, hostile::router())]).collect()
}

fn mock(name: &'static str, port: u16, base_path: &'static str, about: &'static str, router: Router) -> Mock {
    Mock { protocol: Protocol::Mcp, base_path, ..Mock::service(name, port, about, refuse, router) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sheet_can_be_read_and_every_tool_has_a_schema_and_code() {
        for (name, .., sheet) in ROWS {
            let personality = Personality::read(sheet).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!personality.tools.is_empty(), "{name}");
            for tool in &personality.tools {
                let schema = serde_json::Value::Object(tool.input_schema.as_ref().clone());
                assert!(jsonschema::validator_for(&schema).is_ok(), "{name} {}", tool.name);
            }
            let sheet: super::super::sheet::Sheet = serde_yaml::from_str(sheet).unwrap();
            for tool in sheet.tools.iter().filter(|tool| tool.act.is_some()) {
                assert!(super::super::acts::find(tool.act.as_deref().unwrap()).is_some(), "{name} {}", tool.name);
            }
        }
    }
}
