//! What administrators do to the servers.

use super::talk::{Talk, text};
use crate::mocks::stand::{PATIENCE, Stand, TOKEN, answer};
use agw_sandbox::exchange::{Lane, Outcome};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use tokio::time::timeout;

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

#[tokio::test]
async fn a_long_stream_is_recorded_when_it_ends() {
    let stand = Stand::start().await;
    let talk = Talk::start(&stand, "everything", "2025-11-25").await;
    let lane = Lane::named("long-stream");
    let mut stream = talk.request(Method::GET).header("x-agw-lane", lane.as_str()).send().await.unwrap();
    assert_eq!(stand.admin.exchanges(&lane, "everything").await.unwrap()[0].outcome, Outcome::Open);
    let change = admin(&stand, Method::POST, "/mock/everything/changed").json(&json!({ "list": "prompts" }));
    assert_eq!(answer(change).await.1, json!({ "told": 1 }));
    let mut heard = Vec::new();
    while !String::from_utf8_lossy(&heard).contains("prompts/list_changed") {
        heard.extend(timeout(PATIENCE, stream.chunk()).await.expect("a push in time").unwrap().unwrap());
    }
    drop(stream);
    let ended = stand.admin.wait_for(&lane, "everything", 1, PATIENCE).await.unwrap();
    assert_eq!(ended[0].outcome, Outcome::ClientLeft);
    assert!(ended[0].sent.as_ref().unwrap().body.contains("notifications/prompts/list_changed"));
}
