//! All MCP servers that there are. A new one is a sheet and a line here.

use super::admin;
use super::hostile;
use super::hub::Hub;
use super::oauth::{KnownToken, Protection};
use super::personality::Personality;
use super::refusal::refuse;
use super::router::router;
use crate::mock::Protocol;
use crate::mock::catalog::Mock;
use axum::Router;
use std::sync::Arc;
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

/// The sheet of a server.
pub(super) fn sheet(name: &str) -> Option<&'static str> {
    ROWS.iter().find(|(known, ..)| *known == name).map(|(.., sheet)| *sheet)
}

/// All servers, before they listen and while they do.
#[derive(Clone)]
pub(in crate::mock) struct Servers {
    hubs: Arc<[(&'static str, Arc<Hub>)]>,
}

impl Servers {
    /// Reads the sheets.
    pub(in crate::mock) fn new() -> Self {
        let hub = |sheet: &str| Arc::new(Hub::new(Personality::built_in(sheet)));
        Self { hubs: ROWS.iter().map(|(name, .., sheet)| (*name, hub(sheet))).collect() }
    }

    /// The servers as mocks; the first is the one that has everything. Their sessions end with the token.
    pub(in crate::mock) fn mocks(&self, cancel: &CancellationToken) -> Vec<Mock> {
        let protection = |name: &str| -> Option<Protection> {
            let tokens = || KnownToken { issuer: "http://127.0.0.1:9140".to_owned(), token: "sk-sandbox" };
            (name == PROTECTED).then(|| Arc::new(tokens()) as Protection)
        };
        let ordinary = ROWS.iter().zip(self.hubs.iter()).map(|((name, port, base_path, about, _), (_, hub))| {
            mock(name, *port, base_path, about, router(hub, protection(name), cancel))
        });
        let mut mocks: Vec<Mock> = ordinary.collect();
        let about = "MCP: huge answers, broken JSON-RPC, wrong ids, injected prompts";
        mocks.push(mock(HOSTILE.0, HOSTILE.1, "/mcp", about, hostile::router()));
        mocks
    }

    /// What administrators can do to the servers.
    pub(in crate::mock) fn admin(&self) -> Router {
        admin::router(Arc::clone(&self.hubs))
    }
}

impl std::fmt::Debug for Servers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_list().entries(self.hubs.iter().map(|(name, _)| name)).finish()
    }
}

fn mock(name: &'static str, port: u16, base_path: &'static str, about: &'static str, router: Router) -> Mock {
    Mock { name, protocol: Protocol::Mcp, port, about, base_path, request_id: None, refuse, router }
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
