//! The guardrail webhook, in the shapes that agentgateway sends and reads.

use super::channel::order;
use super::stand::{Stand, answer};
use reqwest::Method;
use serde_json::{Value, json};

async fn prompt(stand: &Stand, lane: &str, content: &str) -> Value {
    let body = json!({ "body": { "messages": [{ "role": "user", "content": content }] } });
    let call = stand.request("guardrail", Method::POST, "/request").header("x-agw-lane", lane).json(&body);
    let (status, mut body) = answer(call).await;
    assert_eq!(status, 200);
    body["action"].take()
}

async fn reply(stand: &Stand, lane: &str, content: &str) -> Value {
    let body = json!({ "body": { "choices": [{ "message": { "role": "assistant", "content": content } }] } });
    let call = stand.request("guardrail", Method::POST, "/response").header("x-agw-lane", lane).json(&body);
    let (status, mut body) = answer(call).await;
    assert_eq!(status, 200);
    body["action"].take()
}

#[tokio::test]
async fn words_pass_are_masked_or_refused() {
    let stand = Stand::start().await;
    assert_eq!(prompt(&stand, "g", "hello").await, json!({ "reason": "request passed" }));
    let refused = prompt(&stand, "g", "this is Blocked content").await;
    assert_eq!((&refused["body"], &refused["status_code"]), (&json!("request blocked"), &json!(403)));
    assert_eq!(prompt(&stand, "g", "about masking").await["body"]["messages"][0]["content"], "about ****ing");
    let masked = reply(&stand, "g", "masking").await;
    assert_eq!(masked["body"], json!({ "choices": [{ "message": { "role": "assistant", "content": "****ing" } }] }));
    assert_eq!(reply(&stand, "g", "blocked content").await["status_code"], 403);
}

#[tokio::test]
async fn a_lane_has_actions_of_its_own() {
    let stand = Stand::start().await;
    let wanted = "guard: {request: {mask: {secret: '***'}}, response: {reject: {status: 451, body: no, reason: law}}}";
    order(&stand, "own", "guardrail", wanted).await;
    assert_eq!(prompt(&stand, "own", "a secret").await["body"]["messages"][0]["content"], "a ***");
    assert_eq!(prompt(&stand, "own", "blocked content").await, json!({ "reason": "request passed" }));
    assert_eq!(reply(&stand, "own", "x").await, json!({ "body": "no", "status_code": 451, "reason": "law" }));
    order(&stand, "own", "guardrail", "guard: {request: pass}").await;
    assert_eq!(prompt(&stand, "own", "masking").await, json!({ "reason": "request passed" }));
}

#[tokio::test]
async fn what_is_wrong_is_told() {
    let stand = Stand::start().await;
    for (path, body, words) in [
        ("/request", "{", "not JSON"),
        ("/request", "{\"body\":{}}", "/body/messages"),
        ("/request", "{\"body\":{\"messages\":[{\"role\":\"user\"}]}}", "/body/messages/0/content"),
        ("/response", "{\"body\":{\"choices\":[{\"message\":{\"content\":\"x\"}}]}}", "/message/role"),
    ] {
        let (status, refusal) = answer(stand.request("guardrail", Method::POST, path).body(body)).await;
        assert_eq!(status, 400, "{body}");
        assert!(refusal["error"].as_str().unwrap().contains(words), "{refusal}");
    }
    assert_eq!(answer(stand.request("guardrail", Method::POST, "/other")).await.0, 404);
    assert_eq!(answer(stand.request("guardrail", Method::GET, "/request")).await.0, 405);
}
