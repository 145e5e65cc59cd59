//! Any bytes with any headers at every door of the MCP servers: an answer, and JSON-RPC in it.

use agw_sandbox::mock::fuzz::Doors;
use agw_sandbox::wire::sse::Decoder;
use bytes::Bytes;
use http::{Method, Request};
use serde_json::Value;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How long an answer may take. One that takes longer is a stream that waits, as it may.
const PATIENCE: Duration = Duration::from_millis(500);
const SERVERS: [&str; 6] = ["everything", "toolbox", "kubernetes", "big", "protected", "hostile"];
const PATHS: [&str; 3] = ["/mcp", "/messages?sessionId=nobody", "/.well-known/oauth-protected-resource/mcp"];
const VERSIONS: [&str; 6] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28", "1900-01-01"];

thread_local! {
    static STAND: (Runtime, Doors) = (Builder::new_current_thread().enable_all().build().unwrap(), Doors::open());
}

/// The first byte chooses server and path, the second the headers, the first line after them is what headers repeat of
/// the body; the rest is the body.
pub fn run(bytes: &[u8]) {
    let [door, heads, rest @ ..] = bytes else { return };
    let (line, body) = rest.split_at(rest.iter().position(|byte| *byte == b'\n').unwrap_or(0));
    let (door, heads) = (usize::from(*door), usize::from(*heads));
    let server = SERVERS[door % SERVERS.len()];
    let method = if heads & 64 == 0 { Method::POST } else { Method::DELETE };
    let mut request = Request::builder().method(method).uri(PATHS[door / SERVERS.len() % PATHS.len()]);
    request = request.header("host", "localhost").header("content-type", "application/json");
    request =
        request.header("accept", "application/json, text/event-stream").header("authorization", "Bearer sk-sandbox");
    if heads & 8 != 0 {
        request = request.header("mcp-protocol-version", VERSIONS[heads % VERSIONS.len()]);
    }
    if heads & 16 != 0 {
        request = request.header("mcp-session-id", line);
    }
    if heads & 32 != 0 {
        request = request.header("mcp-method", line).header("mcp-name", line);
    }
    let Ok(request) = request.body(Bytes::copy_from_slice(body)) else { return };
    let asked = STAND.with(|(runtime, doors)| {
        runtime.block_on(async { tokio::time::timeout(PATIENCE, doors.ask(server, request)).await })
    });
    let Ok(Some((status, answer))) = asked else { return };
    assert!(status < 500, "{server} {status} {}", String::from_utf8_lossy(&answer));
    if server == "hostile" {
        return;
    }
    for event in Decoder::new().push(&answer).into_iter().filter(|event| !event.data.is_empty()) {
        let message: Value = serde_json::from_str(&event.data).unwrap_or_else(|_| panic!("no JSON: {}", event.data));
        assert_eq!(message["jsonrpc"], "2.0", "{message}");
    }
}
