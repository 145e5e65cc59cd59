//! Messages that are none, and sessions that nobody gave: the specification's answers, and nobody else is disturbed.

use super::talk::{STATELESS, Talk, messages, text};
use crate::mocks::stand::{Stand, answer};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn each_mistake_has_its_answer_and_other_sessions_go_on() {
    let stand = Stand::start().await;
    let other = Talk::start(&stand, "toolbox", "2025-11-25").await;
    let talk = Talk::start(&stand, "toolbox", "2025-11-25").await;
    let refused = async |body: &str| {
        let response = talk.request(Method::POST).body(body.to_owned()).send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let error: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("no JSON to {body}: {text}"));
        (status, error["error"]["code"].as_i64().unwrap(), error.get("id").cloned())
    };
    assert_eq!(refused("{\"jsonrpc\":").await, (400, -32700, None));
    assert_eq!(refused(&"[".repeat(100_000)).await, (400, -32700, None));
    for wrong in ["3", "\"text\"", "{}", r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#] {
        assert_eq!(refused(wrong).await.1, -32600, "{wrong}");
    }
    assert_eq!(refused(r#"{"jsonrpc":"2.0","id":"x","method":7}"#).await, (400, -32600, Some(json!("x"))));
    // Batches came with 2025-03-26 and went with 2025-06-18.
    assert_eq!(refused(r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#).await, (400, -32600, None));
    let unknown = talk.ask("no/such/method", json!({})).await;
    assert_eq!(unknown["error"]["code"], -32601);
    let wrong = talk.ask("tools/call", json!({ "arguments": [] })).await;
    assert_eq!(wrong["error"]["code"], -32602);
    // An answer to a question that nobody asked is taken and forgotten.
    let stray = talk.post(&json!({ "jsonrpc": "2.0", "id": 4711, "result": {} })).await;
    assert_eq!(stray.status(), 202);
    for session in [&talk, &other] {
        assert_eq!(text(&session.call("echo", json!({ "text": "still here" })).await), "still here");
    }
}

#[tokio::test]
async fn headers_have_to_be_right() {
    let stand = Stand::start().await;
    let talk = Talk::start(&stand, "toolbox", "2025-11-25").await;
    let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
    let status = async |headers: &[(&str, &str)]| {
        let mut request = stand.request("toolbox", Method::POST, "/mcp").body(ping.clone());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap().status().as_u16()
    };
    let (json, both) = (("content-type", "application/json"), ("accept", "application/json, text/event-stream"));
    let session = ("mcp-session-id", talk.session.as_deref().unwrap());
    assert_eq!(status(&[json, both, session]).await, 200);
    assert_eq!(status(&[json, ("accept", "application/json"), session]).await, 406);
    assert_eq!(status(&[("content-type", "text/plain"), both, session]).await, 415);
    assert_eq!(status(&[json, both]).await, 400);
    assert_eq!(status(&[json, both, ("mcp-session-id", "never-given")]).await, 404);
    assert_eq!(status(&[json, both, session, ("mcp-protocol-version", "1900-01-01")]).await, 400);
    assert_eq!(status(&[json, both, session, ("origin", "https://evil.example.com")]).await, 403);
    assert_eq!(status(&[json, both, session, ("origin", "http://localhost:6274")]).await, 200);
    let end = |id: &str| stand.request("toolbox", Method::DELETE, "/mcp").header("mcp-session-id", id).send();
    assert_eq!(end("never-given").await.unwrap().status(), 404);
    assert_eq!(end(session.1).await.unwrap().status(), 202);
    assert_eq!(status(&[json, both, session]).await, 404);
    let strange = stand.request("everything", Method::POST, "/mcp").header("host", "evil.example.com");
    assert_eq!(answer(strange.header("accept", both.1).header(json.0, json.1).body(ping)).await.0, 403);
    assert_eq!(stand.request("toolbox", Method::PUT, "/mcp").send().await.unwrap().status(), 405);
    assert_eq!(answer(stand.request("toolbox", Method::GET, "/elsewhere")).await.0, 404);
}

#[tokio::test]
async fn the_stateless_revision_wants_its_headers_and_no_session() {
    let stand = Stand::start().await;
    let talk = Talk::start(&stand, "toolbox", STATELESS).await;
    assert_eq!(text(&talk.call("echo", json!({ "text": "hi" })).await), "hi");
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": STATELESS,
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let message = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": { "_meta": meta } });
    let code = async |headers: &[(&str, &str)]| {
        let mut request = stand.request("toolbox", Method::POST, "/mcp").json(&message);
        for (name, value) in [("accept", "application/json, text/event-stream")].iter().chain(headers) {
            request = request.header(*name, *value);
        }
        let (status, answer) = answer(request).await;
        (status, answer["error"]["code"].as_i64().unwrap_or_default())
    };
    let version = ("mcp-protocol-version", STATELESS);
    assert_eq!(code(&[version, ("mcp-method", "tools/call")]).await, (400, -32020));
    assert_eq!(code(&[("mcp-protocol-version", "2025-11-25"), ("mcp-method", "tools/list")]).await, (400, -32020));
    assert_eq!(code(&[("mcp-method", "tools/list")]).await, (400, -32020));
    assert_eq!(talk.request(Method::GET).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn a_batch_of_the_revision_that_has_them_is_answered_message_by_message() {
    let stand = Stand::start().await;
    let talk = Talk::start(&stand, "toolbox", "2025-03-26").await;
    let call = |id: u32, said: &str| {
        let params = json!({ "name": "echo", "arguments": { "text": said } });
        json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params })
    };
    let note = json!({ "jsonrpc": "2.0", "method": "notifications/roots/list_changed" });
    let response = talk.post(&json!([call(1, "one"), note, call(2, "two")])).await;
    assert_eq!(response.status(), 200);
    let mut answers = messages(response).await;
    answers.sort_by_key(|answer| answer["id"].as_u64());
    assert_eq!(answers.iter().map(text).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(talk.post(&json!([note])).await.status(), 202);
    assert_eq!(talk.post(&json!([])).await.status(), 400);
    let start = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {} });
    assert_eq!(talk.post(&json!([start])).await.status(), 400);
}

#[tokio::test]
async fn a_tool_that_dies_breaks_its_connection_and_no_other() {
    let stand = Stand::start().await;
    let other = Talk::start(&stand, "flaky", "2025-11-25").await;
    for revision in ["2025-11-25", STATELESS] {
        let talk = Talk::start(&stand, "flaky", revision).await;
        let mut params = json!({ "name": "crash", "arguments": { "after": 2 }, "_meta": { "progressToken": 1 } });
        if revision == STATELESS {
            params["_meta"]["io.modelcontextprotocol/protocolVersion"] = STATELESS.into();
            params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
        }
        let call = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params });
        let response = talk.post(&call).await;
        assert_eq!(response.status(), 200);
        let failure = response.bytes().await.expect_err("the answer breaks off");
        assert!(!failure.is_timeout(), "{failure:?}");
    }
    assert_eq!(text(&other.call("echo", json!({ "text": "alive" })).await), "alive");
}
