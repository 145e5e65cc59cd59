//! Any body at the MCP mock: a JSON-RPC answer, or a refusal.

use agw_sandbox::mock::fuzz::Doors;
use bytes::Bytes;
use http::Request;
use serde_json::Value;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How long the answer to a message may take; one to a batch of nothing may be a stream that stays open.
const PATIENCE: Duration = Duration::from_secs(5);

thread_local! {
    static STAND: (Runtime, Doors) = (Builder::new_current_thread().enable_all().build().unwrap(), Doors::open());
}

/// The whole input is the body.
pub fn run(bytes: &[u8]) {
    let request = Request::post("/mcp")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .body(Bytes::copy_from_slice(bytes))
        .unwrap();
    let asked = STAND.with(|(runtime, doors)| {
        runtime.block_on(async { tokio::time::timeout(PATIENCE, doors.ask("toolbox", request)).await })
    });
    let (status, answer) = asked.expect("an answer in time").expect("the body of an answer ends");
    assert!(status < 500, "{status} {}", String::from_utf8_lossy(&answer));
    let text = String::from_utf8_lossy(&answer);
    for data in text.lines().filter_map(|line| line.strip_prefix("data: ")).filter(|data| !data.is_empty()) {
        let message: Value = serde_json::from_str(data).unwrap_or_else(|_| panic!("no JSON: {data}"));
        assert_eq!(message["jsonrpc"], "2.0", "{message}");
    }
}
