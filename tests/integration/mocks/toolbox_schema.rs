//! What the MCP server says, against the schema of the revision.

use super::judge::{holds, mcp};
use super::stand::Stand;
use super::toolbox::{initialize, message, post, session};
use reqwest::Method;
use serde_json::{Value, json};

const REVISION: &str = "2025-11-25";

#[tokio::test]
async fn every_message_is_what_the_schema_says() {
    let Some(judge) = mcp(REVISION, "JSONRPCMessage") else { return };
    let stand = Stand::start().await;
    let check = |message: &Value, definition: &str| {
        holds(&judge, message);
        holds(&mcp(REVISION, definition).unwrap(), &message["result"]);
    };
    check(&message(post(&stand, None, &initialize()).await).await, "InitializeResult");
    let id = session(&stand).await;
    let ask = async |method: &str, params: Value| {
        let request = json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params });
        message(post(&stand, Some(&id), &request).await).await
    };
    let (mut cursor, mut names) = (json!({}), Vec::new());
    loop {
        let list = ask("tools/list", cursor).await;
        check(&list, "ListToolsResult");
        names.extend(list["result"]["tools"].as_array().unwrap().iter().map(|tool| tool["name"].clone()));
        match list["result"].get("nextCursor") {
            Some(next) => cursor = json!({ "cursor": next }),
            None => break,
        }
    }
    assert_eq!(names.len(), 12);
    for name in names {
        let arguments = json!({ "text": "hello", "a": 0.5, "b": 3, "times": 2 });
        check(&ask("tools/call", json!({ "name": name, "arguments": arguments })).await, "CallToolResult");
    }
    let refused = ask("tools/call", json!({ "name": "nothing" })).await;
    holds(&judge, &refused);
    assert_eq!(refused["error"]["code"], -32602);
    // In this revision a model is to see what it did wrong.
    let wrong = ask("tools/call", json!({ "name": "echo", "arguments": { "text": 1 } })).await;
    check(&wrong, "CallToolResult");
    assert_eq!(wrong["result"]["isError"], true);
}

#[tokio::test]
async fn the_stateless_revision_needs_no_session() {
    let revision = "2026-07-28";
    let stand = Stand::start().await;
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": revision,
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let ask = async |method: &str, mut params: Value, definition: &str| {
        let name = params["name"].as_str().unwrap_or_default().to_owned();
        params["_meta"] = meta.clone();
        let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
        let request = stand.request("toolbox", Method::POST, "/mcp").json(&body);
        let request = request.header("accept", "application/json, text/event-stream").header("mcp-method", method);
        let request = request.header("mcp-protocol-version", revision);
        let request = if name.is_empty() { request } else { request.header("mcp-name", name) };
        let answer = message(request.send().await.unwrap()).await;
        mcp(revision, definition).into_iter().for_each(|judge| holds(&judge, &answer["result"]));
        answer
    };
    ask("server/discover", json!({}), "DiscoverResult").await;
    let list = ask("tools/list", json!({}), "ListToolsResult").await;
    assert_eq!(list["result"]["tools"][0]["name"], "echo");
    let said = ask("tools/call", json!({ "name": "echo", "arguments": { "text": "hi" } }), "CallToolResult").await;
    assert_eq!(
        (&said["result"]["content"][0]["text"], &said["result"]["resultType"]),
        (&json!("hi"), &json!("complete"))
    );
}
