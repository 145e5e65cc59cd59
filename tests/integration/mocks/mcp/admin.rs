//! What administrators do to the servers.

use super::talk::{Talk, text};
use crate::mocks::stand::{Stand, TOKEN, answer};
use reqwest::{Method, RequestBuilder};
use serde_json::json;

fn admin(stand: &Stand, method: Method, path: &str) -> RequestBuilder {
    stand.http.request(method, format!("{}{path}", stand.admin_url)).bearer_auth(TOKEN)
}

#[tokio::test]
async fn sessions_are_seen_and_end_on_demand() {
    let stand = Stand::start().await;
    let (first, second) =
        (Talk::start(&stand, "toolbox", "2025-11-25").await, Talk::start(&stand, "toolbox", "2025-06-18").await);
    let (id, other) = (first.session.clone().unwrap(), second.session.clone().unwrap());
    let seen = answer(admin(&stand, Method::GET, "/mock/toolbox/sessions")).await.1;
    assert_eq!(seen["sessions"], json!([id, other]));
    let end = admin(&stand, Method::DELETE, &format!("/mock/toolbox/sessions/{id}"));
    assert_eq!(end.send().await.unwrap().status(), 204);
    let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" });
    assert_eq!(first.post(&ping).await.status(), 404);
    assert_eq!(text(&second.call("echo", json!({ "text": "alive" })).await), "alive");
    assert_eq!(answer(admin(&stand, Method::DELETE, "/mock/toolbox/sessions")).await.1, json!({ "expired": 1 }));
    assert_eq!(answer(admin(&stand, Method::DELETE, &format!("/mock/toolbox/sessions/{id}"))).await.0, 404);
    let nothing = admin(&stand, Method::GET, "/mock/nothing/sessions").send().await.unwrap();
    assert_eq!(nothing.status(), 404);
    let stranger = stand.http.delete(format!("{}/mock/toolbox/sessions", stand.admin_url));
    assert_eq!(answer(stranger).await.0, 401);
}

#[tokio::test]
async fn changes_are_told_to_those_who_listen() {
    let stand = Stand::start().await;
    let talk = Talk::start(&stand, "everything", "2025-11-25").await;
    let change = async |body| answer(admin(&stand, Method::POST, "/mock/everything/changed").json(&body)).await;
    assert_eq!(change(json!({ "list": "tools" })).await, (200, json!({ "told": 1 })));
    assert_eq!(change(json!({ "uri": "test://watched-resource" })).await.1, json!({ "told": 0 }));
    talk.ask("resources/subscribe", json!({ "uri": "test://watched-resource" })).await;
    assert_eq!(change(json!({ "uri": "test://watched-resource" })).await.1, json!({ "told": 1 }));
    talk.ask("resources/unsubscribe", json!({ "uri": "test://watched-resource" })).await;
    assert_eq!(change(json!({ "uri": "test://watched-resource" })).await.1, json!({ "told": 0 }));
    assert_eq!(change(json!({ "list": "nothing" })).await.0, 400);
}
