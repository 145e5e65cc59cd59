//! Answers that are allowed but rare, and those that are changed in one place.

use super::stand::{Stand, answer, fault, hello, streamed};
use agw_sandbox::exchange::{Encoding, Fault, Malformed, Terminator};
use flate2::read::{GzDecoder, ZlibDecoder};
use http_body_util::{BodyExt, Empty};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::io::Read;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const GET: &str = "GET /v1/models HTTP/1.1\r\nhost: LANE.test\r\nauthorization: Bearer sk-a\r\n";

/// What the OpenAI mock sends until it closes the connection.
async fn until_closed(stand: &Stand, lane: &str, more: &str) -> String {
    let mut connection = TcpStream::connect(stand.address("openai")).await.unwrap();
    let head = format!("{}{more}\r\n", GET.replace("LANE", lane));
    connection.write_all(head.as_bytes()).await.unwrap();
    let mut heard = Vec::new();
    let read = connection.read_to_end(&mut heard);
    tokio::time::timeout(super::stand::PATIENCE, read).await.expect("the mock closes the connection").unwrap();
    String::from_utf8_lossy(&heard).into_owned()
}

#[tokio::test]
async fn one_field_of_an_answer_is_changed() {
    let stand = Stand::start().await;
    let patch = vec![
        json!({ "op": "replace", "path": "/choices/0/finish_reason", "value": "surprise" }),
        json!({ "op": "replace", "path": "/choices/0/message/content", "value": null }),
        json!({ "op": "remove", "path": "/usage" }),
        json!({ "op": "add", "path": "/new", "value": 1 }),
    ];
    stand.behave("patch", "openai", None, vec![Fault { patch, ..fault() }]).await;
    let (status, body) = answer(stand.chat("patch", &hello())).await;
    assert_eq!((status, &body["choices"][0]["finish_reason"], &body["new"]), (200, &json!("surprise"), &json!(1)));
    assert_eq!((body.get("usage"), &body["choices"][0]["message"]["content"]), (None, &Value::Null));
    let text = stand.chat("patch", &streamed(hello())).send().await.unwrap().text().await.unwrap();
    assert_eq!(text.matches("\"new\":1").count(), text.matches("data: {").count());
    assert!(text.contains("\"finish_reason\":\"surprise\"") && text.ends_with("data: [DONE]\n\n"));
}

#[tokio::test]
async fn every_encoding_without_being_asked() {
    let stand = Stand::start().await;
    let plain = stand.chat("plain", &hello()).send().await.unwrap().bytes().await.unwrap();
    for (encoding, name) in
        [(Encoding::Gzip, "gzip"), (Encoding::Deflate, "deflate"), (Encoding::Br, "br"), (Encoding::Zstd, "zstd")]
    {
        stand.behave(name, "openai", None, vec![Fault { encoding: Some(encoding), ..fault() }]).await;
        let response = stand.chat(name, &hello()).send().await.unwrap();
        assert_eq!(response.headers()["content-encoding"], name);
        let sent = response.bytes().await.unwrap();
        let mut read = Vec::new();
        match encoding {
            Encoding::Gzip => GzDecoder::new(&sent[..]).read_to_end(&mut read).unwrap(),
            Encoding::Deflate => ZlibDecoder::new(&sent[..]).read_to_end(&mut read).unwrap(),
            // Their decoders stand in the suite of the SDKs.
            Encoding::Br | Encoding::Zstd => continue,
        };
        assert_eq!(read, plain);
    }
}

#[tokio::test]
async fn an_elder_server_and_one_that_leaves() {
    let stand = Stand::start().await;
    stand.behave("elder", "openai", None, vec![Fault { http10: true, ..fault() }]).await;
    let heard = until_closed(&stand, "elder", "").await;
    assert!(heard.starts_with("HTTP/1.0 200 OK\r\n") && !heard.contains("chunked"), "{heard}");
    stand.behave("leaves", "openai", None, vec![Fault { go_away: true, ..fault() }]).await;
    let heard = until_closed(&stand, "leaves", "").await;
    assert!(heard.to_lowercase().contains("connection: close"), "{heard}");
}

#[tokio::test]
async fn goaway_in_http2_comes_with_the_whole_answer() {
    let stand = Stand::start().await;
    stand.behave("away", "openai", None, vec![Fault { go_away: true, ..fault() }]).await;
    let connection = TcpStream::connect(stand.address("openai")).await.unwrap();
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake::<_, _, Empty<bytes::Bytes>>(executor, TokioIo::new(connection))
            .await
            .unwrap();
    let driver = tokio::spawn(connection);
    let ask = || {
        let request = http::Request::get("http://away.test/v1/models").header("authorization", "Bearer sk-a");
        request.body(Empty::new()).unwrap()
    };
    let response = sender.send_request(ask()).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(!response.into_body().collect().await.unwrap().to_bytes().is_empty());
    tokio::time::timeout(super::stand::PATIENCE, driver).await.expect("the connection ends").unwrap().unwrap();
    assert!(sender.send_request(ask()).await.is_err());
}

#[tokio::test]
async fn trailers_for_those_who_take_them() {
    let stand = Stand::start().await;
    let trailers = vec![("x-end".to_owned(), "whole".to_owned())];
    stand.behave("trailers", "openai", None, vec![Fault { trailers, ..fault() }]).await;
    let heard = until_closed(&stand, "trailers", "te: trailers\r\nconnection: close\r\n").await;
    assert!(heard.contains("trailer: x-end\r\n") && heard.ends_with("0\r\nx-end: whole\r\n\r\n"), "{heard}");
}

#[tokio::test]
async fn the_end_of_a_stream_without_its_empty_line_and_a_frame_without_an_end() {
    let stand = Stand::start().await;
    let unfinished = Fault { terminator: Some(Terminator::Unfinished), ..fault() };
    stand.behave("open", "openai", None, vec![unfinished]).await;
    let text = stand.chat("open", &streamed(hello())).send().await.unwrap().text().await.unwrap();
    assert!(text.ends_with("\n\ndata: [DONE]\n"), "{text}");
    stand.behave("long", "bedrock", None, vec![Fault { malformed: Some(Malformed::Length), ..fault() }]).await;
    let body = json!({ "messages": [{ "role": "user", "content": [{ "text": "hello" }] }] });
    let request = stand.request("bedrock", reqwest::Method::POST, "/model/amazon.nova-lite-v1:0/converse-stream");
    let request = request.header("host", "long.test").bearer_auth("key").json(&body);
    let sent = request.send().await.unwrap().bytes().await.unwrap();
    let first = u32::from_be_bytes(sent[..4].try_into().unwrap()) as usize;
    assert_eq!(sent[first..first + 4], [0x7f, 0xff, 0xff, 0xff]);
}
