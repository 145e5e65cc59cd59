//! Clients that do not keep to HTTP, and the end of everything.

use super::stand::{PATIENCE, Stand, answer, hello};
use agw_sandbox::mock::{MockOptions, Mocks, Ports};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

const CHAT_HEAD: &str = "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer sk-a\r\n\
                         content-type: application/json\r\n";

/// What a mock answers to these bytes, after which the client says nothing more.
async fn told(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut connection = TcpStream::connect(address).await.unwrap();
    let (mut reader, mut writer) = connection.split();
    let mut answer = Vec::new();
    let talk = async {
        // The mock may hang up before everything is written.
        let _ = writer.write_all(bytes).await;
        let _ = writer.shutdown().await;
        let _ = reader.read_to_end(&mut answer).await;
    };
    timeout(PATIENCE, talk).await.expect("the mock neither answered nor hung up");
    answer
}

#[test]
fn any_bytes_get_an_answer_or_a_clean_close() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stand = runtime.block_on(Stand::start());
    let addresses: Vec<SocketAddr> = stand.mocks.endpoints().iter().map(|endpoint| endpoint.address).collect();
    let starts = prop::sample::select(vec!["", CHAT_HEAD, "GET /v1/models/", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]);
    let ports = prop::sample::select(addresses);
    let strategy = (ports, starts, prop::collection::vec(any::<u8>(), 0..200), any::<bool>());
    let config = ProptestConfig { cases: 192, failure_persistence: None, ..Default::default() };
    proptest!(config, |((address, start, noise, framed) in strategy)| {
        let mut bytes = start.as_bytes().to_vec();
        if framed {
            bytes.extend(format!("content-length: {}\r\n\r\n", noise.len()).bytes());
        }
        bytes.extend(noise);
        let heard = runtime.block_on(told(address, &bytes));
        let is_http = heard.is_empty() || heard.starts_with(b"HTTP/1.") || start.starts_with("PRI");
        // What is no handshake of TLS is answered with an alert.
        let is_alert = heard.starts_with(&[0x15, 3]);
        prop_assert!(is_http || is_alert, "{}", String::from_utf8_lossy(&heard));
    });
    let (status, _) = runtime.block_on(answer(stand.chat("after", &hello())));
    assert_eq!(status, 200);
}

/// JSON made of the words that requests are made of, in any order.
fn near_miss() -> impl Strategy<Value = Value> {
    let words = prop::sample::select(vec![
        "model",
        "messages",
        "content",
        "role",
        "user",
        "assistant",
        "tool",
        "text",
        "type",
        "image_url",
        "url",
        "tools",
        "function",
        "name",
        "parameters",
        "object",
        "tool_calls",
        "id",
        "tool_call_id",
        "input",
        "max_tokens",
        "source",
        "tool_use",
        "tool_result",
        "tool_use_id",
        "response_format",
        "json_schema",
        "schema",
        "prompt",
        "stop",
        "n",
        "$ref",
        "#",
        "properties",
        "required",
        "data:image/png;base64,A",
        "function_call",
        "call_id",
        "thinking",
        "stream",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        words.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map(words.clone().prop_map(str::to_owned), inner, 0..5)
                .prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

#[test]
fn any_json_gets_an_answer_of_the_vendor() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let stand = runtime.block_on(Stand::start());
    let targets = [
        ("openai", "/v1/chat/completions", json!({ "model": "m", "messages": [{ "role": "user", "content": "a" }] })),
        ("openai", "/v1/responses", json!({ "model": "m", "input": "a" })),
        ("openai", "/v1/embeddings", json!({ "model": "m", "input": "a" })),
        ("openai", "/v1/completions", json!({ "model": "m", "prompt": "a" })),
        (
            "anthropic",
            "/v1/messages",
            json!({ "model": "m", "max_tokens": 9, "messages": [{ "role": "user", "content": "a" }] }),
        ),
        (
            "azure",
            "/openai/v1/chat/completions",
            json!({ "model": "m", "messages": [{ "role": "user", "content": "a" }] }),
        ),
    ];
    let names = ["messages", "tools", "tool_choice", "response_format", "input", "prompt", "stop", "system", "text"];
    let config = ProptestConfig { cases: 160, failure_persistence: None, ..Default::default() };
    let strategy = (0..targets.len(), prop::sample::select(names.to_vec()), near_miss(), prop::option::of(near_miss()));
    proptest!(config, |((target, name, value, content) in strategy)| {
        let (mock, path, mut body) = targets[target].clone();
        match content {
            // Deeper in: a message or an item is all right but for its content.
            Some(content) if body["messages"].is_array() => body["messages"][0]["content"] = content,
            _ => {}
        }
        if name != "messages" || value.is_array() {
            body[name] = value;
        }
        let request = stand.request(mock, reqwest::Method::POST, path).json(&body);
        let request = request.bearer_auth("sk-a").header("anthropic-version", "2023-06-01");
        let (status, found) = runtime.block_on(async {
            let response = request.send().await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        });
        prop_assert!(status == 200 || status == 400 && found.contains("\"error\""), "{status} {found} {body}");
    });
}

#[tokio::test]
async fn too_many_and_too_long_headers_are_answered() {
    let stand = Stand::start().await;
    let many = format!("GET /v1/models HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(200));
    let long = format!("GET /v1/models HTTP/1.1\r\na: {}\r\n\r\n", "b".repeat(100_000));
    for head in [many, long] {
        let heard = told(stand.address("openai"), head.as_bytes()).await;
        assert!(heard.starts_with(b"HTTP/1.1 431 "), "{}", String::from_utf8_lossy(&heard));
    }
    let path = format!("GET /{} HTTP/1.1\r\nhost: a\r\n\r\n", "a".repeat(100_000));
    let heard = told(stand.address("gemini"), path.as_bytes()).await;
    assert!(heard.starts_with(b"HTTP/1.1 414 ") || heard.starts_with(b"HTTP/1.1 431 "));
}

#[tokio::test]
async fn a_taken_port_gives_way_to_the_next_and_stopping_frees_all() {
    let options = MockOptions::at(Ipv4Addr::LOCALHOST.into(), Ports::Preferred);
    let first = Mocks::start(options.clone(), CancellationToken::new()).await.unwrap();
    let second = Mocks::start(options, CancellationToken::new()).await.unwrap();
    let ports = |mocks: &Mocks| mocks.endpoints().iter().map(|endpoint| endpoint.address.port()).collect::<Vec<_>>();
    assert!(ports(&first).iter().all(|port| !ports(&second).contains(port)));
    let addresses: Vec<SocketAddr> = second.endpoints().iter().map(|endpoint| endpoint.address).collect();
    let mut open = TcpStream::connect(addresses[0]).await.unwrap();
    timeout(PATIENCE, second.stop()).await.unwrap();
    assert_eq!(timeout(PATIENCE, open.read(&mut [0; 1])).await.unwrap().unwrap_or(0), 0);
    for address in addresses {
        assert!(TcpStream::connect(address).await.is_err(), "{address} still listens");
    }
}
