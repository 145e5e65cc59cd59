//! What goes wrong on purpose.

use super::stand::{Stand, answer, fault, hello, streamed};
use agw_sandbox::exchange::{Fault, Outcome};
use agw_sandbox::wire::sse::Decoder;
use reqwest::Method;
use serde_json::json;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_status_comes_in_the_vendors_words_as_often_as_it_should() {
    let stand = Stand::start().await;
    let limits =
        vec![("retry-after".to_owned(), "2".to_owned()), ("x-ratelimit-remaining-requests".into(), "0".into())];
    let busy = Fault { times: Some(2), status: Some(429), headers: limits, ..fault() };
    stand.behave("busy", "openai", None, vec![busy, Fault { times: Some(1), status: Some(503), ..fault() }]).await;
    for _ in 0..2 {
        let response = stand.chat("busy", &hello()).send().await.unwrap();
        assert_eq!((response.status().as_u16(), &response.headers()["retry-after"]), (429, &"2".parse().unwrap()));
        assert_eq!(response.headers()["x-ratelimit-remaining-requests"], "0");
        let body: serde_json::Value = response.json().await.unwrap();
        assert_eq!(body["error"]["code"], "rate_limit_exceeded");
    }
    assert_eq!(answer(stand.chat("calm", &hello())).await.0, 200);
    assert_eq!(answer(stand.chat("busy", &hello())).await.1["error"]["type"], "server_error");
    assert_eq!(answer(stand.chat("busy", &hello())).await.0, 200);

    let overloaded = Fault { status: Some(529), ..fault() };
    stand.behave("busy", "anthropic", None, vec![overloaded.clone()]).await;
    stand.behave("busy", "toolbox", None, vec![overloaded.clone()]).await;
    stand.behave("busy", "gemini", None, vec![Fault { status: Some(429), ..overloaded }]).await;
    let post = |mock| stand.request(mock, Method::POST, "/").header("x-agw-lane", "busy");
    assert_eq!(answer(post("anthropic")).await.1["error"]["type"], "overloaded_error");
    assert_eq!(answer(post("gemini")).await.1["error"]["status"], "RESOURCE_EXHAUSTED");
    assert_eq!(answer(post("toolbox")).await.1["jsonrpc"], "2.0");
}

#[tokio::test]
async fn a_script_and_a_delay() {
    let stand = Stand::start().await;
    let slow = Fault { times: Some(1), delay_ms: Some(80), ..fault() };
    stand.behave("slow", "openai", Some("Scripted."), vec![slow]).await;
    let started = Instant::now();
    let (status, body) = answer(stand.chat("slow", &hello())).await;
    assert_eq!((status, &body["choices"][0]["message"]["content"]), (200, &json!("Scripted.")));
    assert!(started.elapsed() >= Duration::from_millis(80));
}

#[tokio::test]
async fn a_cut_stream_breaks_off_after_so_many_events() {
    let stand = Stand::start().await;
    stand.behave("cut", "openai", None, vec![Fault { cut_after_events: Some(2), ..fault() }]).await;
    let mut response = stand.chat("cut", &streamed(hello())).send().await.unwrap();
    let mut decoder = Decoder::new();
    let mut seen = 0;
    let broken = loop {
        match response.chunk().await {
            Ok(Some(bytes)) => seen += decoder.push(&bytes).len(),
            Ok(None) => break false,
            Err(_) => break true,
        }
    };
    assert_eq!((seen, broken), (2, true));
    let exchange = stand.ended("cut", 1).await.remove(0);
    assert_eq!(exchange.outcome, Outcome::CutByUs);
    assert_eq!(exchange.sent.unwrap().body.matches("data: ").count(), 2);
}

#[tokio::test]
async fn a_client_that_leaves_is_noticed() {
    let stand = Stand::start().await;
    stand.behave("left", "openai", None, vec![Fault { delay_ms: Some(60_000), ..fault() }]).await;
    let hasty = stand.chat("left", &hello()).timeout(Duration::from_millis(50)).send().await;
    assert!(hasty.is_err());
    let exchange = stand.ended("left", 1).await.remove(0);
    assert_eq!((exchange.outcome, exchange.sent), (Outcome::ClientLeft, None));
}

#[tokio::test]
async fn a_client_that_leaves_a_stream_is_noticed_too() {
    let stand = Stand::start().await;
    // More than the buffers between the two take.
    stand.behave("left", "openai", Some(&"word ".repeat(40_000)), vec![]).await;
    let mut response = stand.chat("left", &streamed(hello())).send().await.unwrap();
    assert!(response.chunk().await.unwrap().is_some());
    drop(response);
    let exchange = stand.ended("left", 1).await.remove(0);
    assert_eq!((exchange.outcome, exchange.sent.unwrap().status), (Outcome::ClientLeft, 200));
}

/// Status, headers and body of a chat with a fault; the error of a body that broke off.
async fn faulty(
    stand: &Stand,
    yaml: &str,
    is_stream: bool,
) -> Result<(u16, reqwest::header::HeaderMap, Vec<u8>), String> {
    stand.behave("faulty", "openai", None, vec![serde_yaml::from_str(yaml).unwrap()]).await;
    let request = if is_stream { streamed(hello()) } else { hello() };
    let response = stand.chat("faulty", &request).send().await.map_err(|failure| format!("no head: {failure:?}"))?;
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let body = response.bytes().await.map_err(|failure| format!("no end: {failure:?}"))?;
    Ok((status, headers, body.to_vec()))
}

#[tokio::test]
async fn heads_and_bodies_go_wrong_as_they_are_told() {
    let stand = Stand::start().await;
    let whole = faulty(&stand, "{}", false).await.unwrap().2;
    let page = faulty(&stand, "{html: true}", false).await.unwrap();
    assert_eq!((page.0, page.1["content-type"].to_str().unwrap()), (502, "text/html"));
    let empty = faulty(&stand, "{empty: true}", false).await.unwrap();
    assert_eq!((empty.0, empty.2.len()), (200, 0));
    let odd = faulty(&stand, "{contentType: text/plain}", false).await.unwrap();
    assert_eq!((odd.1["content-type"].to_str().unwrap(), odd.2 == whole), ("text/plain", true));
    let own = faulty(&stand, "{status: 418, body: '{}'}", false).await.unwrap();
    assert_eq!((own.0, own.2.as_slice()), (418, b"{}".as_slice()));
    let packed = faulty(&stand, "{gzip: true}", false).await.unwrap();
    assert_eq!((packed.1["content-encoding"].to_str().unwrap(), &packed.2[..3]), ("gzip", [0x1f, 0x8b, 8].as_slice()));
    let broken = faulty(&stand, "{malformed: json}", false).await.unwrap();
    assert!(whole.starts_with(&broken.2) && serde_json::from_slice::<serde_json::Value>(&broken.2).is_err());
    let short = faulty(&stand, "{truncate: {afterBytes: 9}}", false).await.unwrap();
    assert_eq!(short.2, whole[..9]);
    let dripped = faulty(&stand, "{drip: {bytes: 50, everyMs: 1}}", false).await.unwrap();
    assert_eq!(dripped.2, whole);
    let large = faulty(&stand, "{oversize: 3000000}", false).await.unwrap();
    assert!(large.2.len() > 3_000_000 && large.2.trim_ascii_start() == whole);
}

#[tokio::test]
async fn streams_go_wrong_as_they_are_told() {
    let stand = Stand::start().await;
    let text = async |yaml: &str| String::from_utf8_lossy(&faulty(&stand, yaml, true).await.unwrap().2).into_owned();
    let whole = text("{}").await;
    let count = |text: &str, part: &str| text.matches(part).count();
    assert_eq!(count(&text("{terminator: missing}").await, "[DONE]"), 0);
    assert_eq!(count(&text("{terminator: twice}").await, "[DONE]"), 2);
    let failed = text("{errorEvent: {afterEvents: 2, status: 503}}").await;
    assert_eq!((count(&failed, "data: "), count(&failed, "server_error"), count(&failed, "[DONE]")), (3, 1, 0));
    assert_eq!(text("{writing: crlf}").await, whole.replace('\n', "\r\n"));
    assert_eq!(text("{writing: bom}").await, format!("\u{feff}{whole}"));
    assert_eq!(count(&text("{writing: comments}").await, ": ping\n"), count(&whole, "data: "));
    assert_eq!(count(&text("{malformed: sse}").await, "data: ") + 1, count(&whole, "data: "));
    assert!(text("{malformed: utf8}").await.contains('\u{fffd}'));
    assert_eq!(count(&text("{truncate: {afterEvents: 1}}").await, "data: "), 1);
}

#[tokio::test]
async fn connections_end_as_they_are_told() {
    let stand = Stand::start().await;
    for (yaml, words) in [
        ("{cut: beforeHeaders}", "no head"),
        ("{reset: beforeHeaders}", "ConnectionReset"),
        ("{cut: afterHeaders}", "no end"),
        ("{reset: {afterBytes: 20}}", "no end"),
        ("{cut: {afterBytes: 20}}", "no end"),
    ] {
        let failure = faulty(&stand, yaml, false).await.unwrap_err();
        assert!(failure.contains(words), "{yaml}: {failure}");
        let recorded = stand.admin.exchanges(&agw_sandbox::exchange::Lane::named("faulty"), "openai").await.unwrap();
        assert_eq!(recorded.last().unwrap().outcome, Outcome::CutByUs, "{yaml}");
    }
    for moment in ["beforeHeaders", "afterHeaders", "{afterEvents: 2}"] {
        let yaml = format!("{{hang: {moment}}}");
        let hang = faulty(&stand, &yaml, true);
        assert!(tokio::time::timeout(Duration::from_millis(200), hang).await.is_err(), "{moment}");
    }
}

#[tokio::test]
async fn a_cadence_sets_the_pace() {
    let stand = Stand::start().await;
    let yaml = "cadence: {firstTokenMs: 50, tokenMs: 20, distribution: uniform, seed: 3}";
    let lane = agw_sandbox::exchange::Lane::named("paced");
    stand.admin.behave(&lane, "openai", &serde_yaml::from_str(yaml).unwrap()).await.unwrap();
    let started = Instant::now();
    let response = stand.chat("paced", &streamed(hello())).send().await.unwrap();
    // The head does not wait for the first token.
    let head = started.elapsed();
    assert_eq!(super::stand::events(response).await.len(), 6);
    assert!(head < Duration::from_millis(50) && started.elapsed() > Duration::from_millis(80), "{head:?}");
}
