//! The table of vendors and features, the answers that are remembered, and the archive of requests.

use super::stand::{Stand, answer, hello};
use agw_sandbox::exchange::{Lane, archive};
use agw_sandbox::mock::{FEATURES, Proof, VENDORS};
use serde_json::{Value, json};
use std::path::Path;

#[tokio::test]
async fn every_feature_has_a_test_or_the_vendors_word_that_it_is_absent() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sdk");
    for vendor in VENDORS {
        for (proof, feature) in vendor.proofs.iter().zip(FEATURES) {
            match proof {
                Proof::Test(name) => {
                    let (file, test) = name.split_once("::").unwrap();
                    let text = std::fs::read_to_string(tests.join(file)).unwrap();
                    assert!(text.contains(&format!("\ndef {test}(")), "{} {feature}: no {name}", vendor.name);
                }
                Proof::Absent { says, document } => {
                    assert!(!says.is_empty() && document.starts_with("https://"), "{} {feature}", vendor.name);
                }
            }
        }
    }
    let stand = Stand::start().await;
    let mocks: Vec<&str> = stand.mocks.endpoints().iter().map(|endpoint| endpoint.name).collect();
    assert!(VENDORS.iter().all(|vendor| mocks.contains(&vendor.name)));
}

#[tokio::test]
async fn a_known_answer_is_that_of_the_same_request_in_a_lane_without_wishes() {
    let stand = Stand::start().await;
    let first = answer(stand.chat("memory", &hello())).await;
    assert_eq!(answer(stand.chat("memory", &hello())).await, first);
    let stranger = stand.request("openai", reqwest::Method::POST, "/v1/chat/completions").header("host", "memory.test");
    assert_eq!(answer(stranger.bearer_auth("sk-invalid").json(&hello())).await.0, 401);
    stand.behave("memory", "openai", Some("Scripted."), vec![]).await;
    assert_eq!(answer(stand.chat("memory", &hello())).await.1["choices"][0]["message"]["content"], "Scripted.");
    stand.admin.forget(&Lane::named("memory")).await.unwrap();
    assert_eq!(answer(stand.chat("memory", &hello())).await, first);
}

#[tokio::test]
async fn an_archive_has_what_readers_of_the_format_need() {
    let stand = Stand::start().await;
    let frames = json!({ "messages": [{ "role": "user", "content": [{ "text": "hello" }] }] });
    let request = stand.request("bedrock", reqwest::Method::POST, "/model/amazon.nova-lite-v1:0/converse-stream?a=b");
    let sent = request.header("x-agw-lane", "har").bearer_auth("key").json(&frames).send().await.unwrap();
    let sent = sent.bytes().await.unwrap();
    let lane = Lane::named("har");
    stand.admin.wait_for(&lane, "bedrock", 1, super::stand::PATIENCE).await.unwrap();
    let recorded = stand.admin.all(Some(&lane), None).await.unwrap();
    assert_eq!(stand.admin.all(None, Some("bedrock")).await.unwrap(), recorded);
    let archive = archive(&recorded.exchanges);
    let entry = &archive["log"]["entries"][0];
    let strings =
        ["/startedDateTime", "/request/method", "/request/url", "/request/httpVersion", "/response/statusText"];
    assert!(strings.iter().all(|path| entry.pointer(path).is_some_and(Value::is_string)), "{entry:#}");
    let numbers = ["/time", "/request/headersSize", "/response/bodySize", "/timings/send", "/timings/wait"];
    assert!(numbers.iter().all(|path| entry.pointer(path).is_some_and(Value::is_number)), "{entry:#}");
    assert_eq!(entry["request"]["queryString"], json!([{ "name": "a", "value": "b" }]));
    assert_eq!(entry["request"]["postData"]["text"], frames.to_string());
    // Frames are no text, so they are there byte for byte.
    let content = &entry["response"]["content"];
    assert_eq!(content["encoding"], "base64");
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(content["text"].as_str().unwrap()).unwrap();
    assert_eq!(bytes, sent);
}
