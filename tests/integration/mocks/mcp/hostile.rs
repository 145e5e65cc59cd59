//! The server that breaks rules: it breaks them as it says, and stays up.

use crate::mocks::stand::{Stand, answer};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

fn call(stand: &Stand, tool: &str) -> RequestBuilder {
    let params = json!({ "name": tool, "arguments": {} });
    let message = json!({ "jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": params });
    stand.request("hostile", Method::POST, "/mcp").json(&message)
}

#[tokio::test]
async fn each_tool_breaks_its_rule() {
    let stand = Stand::start().await;
    let body = async |tool: &str| call(&stand, tool).send().await.unwrap().bytes().await.unwrap();
    let json = async |tool: &str| serde_json::from_slice::<Value>(&body(tool).await).unwrap();
    assert_eq!(json("good").await["id"], 5);
    assert!(body("huge").await.len() > 64 * 1024 * 1024);
    assert!(serde_json::from_slice::<Value>(&body("bad_json").await).is_err());
    assert!(std::str::from_utf8(&body("no_text").await).is_err());
    assert!(serde_json::from_slice::<Value>(&body("deep").await).is_err());
    assert_ne!(json("wrong_id").await["id"], 5);
    assert_eq!(json("wrong_id_type").await["id"], "5");
    assert!(json("no_id").await.get("id").is_none());
    let both = json("result_and_error").await;
    assert!(both.get("result").is_some() && both.get("error").is_some());
    let events = async |tool: &str| body(tool).await.windows(6).filter(|part| part == b"data: ").count();
    assert_eq!((events("twice").await, events("flood").await, events("foreign_request").await), (2, 10_001, 2));
    assert!(body("empty").await.is_empty());
    assert!(json("injection").await["result"]["content"][0]["text"].as_str().unwrap().contains("Ignore all previous"));
    let list = json!({ "jsonrpc": "2.0", "id": "l", "method": "tools/list" });
    let (_, list) = answer(stand.request("hostile", Method::POST, "/mcp").json(&list)).await;
    assert_eq!(list["result"]["tools"].as_array().unwrap().len(), 18);
    assert_eq!(answer(stand.request("hostile", Method::POST, "/mcp").body("[[[")).await.0, 400);
}
