//! Chat completions through providers.

use super::{fixture::*, tables::*};
use agw_sandbox::gateway::table::*;
use axum::body::Body;
use bytes::Bytes;
use futures_util::StreamExt;
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::sync::{Mutex, mpsc};
use tokio_stream::wrappers::ReceiverStream;

const CHAT: &str = r#"{"model":"client-model","messages":[{"role":"system","content":"be nice"},{"role":"user","content":"hi"}],"max_tokens":50}"#;
const STREAMED: &str = r#"{"model":"client-model","messages":[{"role":"user","content":"hi"}],"stream":true}"#;
const COMPLETION: &str = r#"{"id":"chatcmpl-1","object":"chat.completion","created":17,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":4,"total_tokens":15}}"#;
const MESSAGE: &str = r#"{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[{"type":"text","text":"hello"}],"stop_reason":"end_turn","usage":{"input_tokens":11,"output_tokens":4}}"#;

async fn gateway(backend: LlmBackend) -> Gateway {
    Gateway::serving(table(vec![route("llm.test", vec![all(Backend::Llm(backend))])])).await
}

#[tokio::test]
async fn each_provider_is_spoken_to_in_its_language() {
    let openai = r#"{"messages":[{"role":"system","content":"be nice"},{"role":"user","content":"hi"}],"#;
    let anthropic = r#"{"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],"system":"be nice","#;
    use LlmProvider::{Anthropic, Gemini, OpenAi};
    for (provider, model, answer, target, body) in [
        (
            OpenAi,
            Some("gpt-x"),
            COMPLETION,
            "/v1/chat/completions",
            format!(r#"{openai}"model":"gpt-x","max_completion_tokens":50}}"#),
        ),
        (
            OpenAi,
            None,
            COMPLETION,
            "/v1/chat/completions",
            format!(r#"{openai}"model":"client-model","max_tokens":50}}"#),
        ),
        (
            Gemini,
            Some("gemini-x"),
            COMPLETION,
            "/v1/v1beta/openai/chat/completions",
            format!(r#"{openai}"model":"gemini-x","max_tokens":50}}"#),
        ),
        (
            Anthropic,
            Some("claude-x"),
            MESSAGE,
            "/v1/messages",
            format!(r#"{anthropic}"model":"claude-x","max_tokens":50}}"#),
        ),
    ] {
        let stub = Stub::saying("application/json", answer).await;
        let gateway = gateway(llm(provider.clone(), model, stub.address)).await;
        let request = gateway.request("POST", "llm.test", "/v1/chat/completions").bearer_auth("sk-client").body(CHAT);
        let got = got(request).await;
        let received = stub.last();
        assert_eq!((received.target.as_str(), &received.body), (target, &body));
        assert_eq!(received.header("host"), Some("host.internal"));
        let credentials = ["authorization", "x-api-key", "anthropic-version"].map(|name| received.header(name));
        match provider {
            Anthropic => assert_eq!(credentials, [None, Some("sk-backend"), Some("2023-06-01")]),
            _ => assert_eq!(credentials, [Some("Bearer sk-backend"), None, None]),
        }
        let said: Value = serde_json::from_str(&got.body).unwrap();
        assert_eq!((got.status, &said["object"]), (200, &json!("chat.completion")), "{}", got.body);
        assert_eq!(
            said["choices"],
            json!([{"message": {"content": "hello", "role": "assistant"}, "index": 0, "finish_reason": "stop"}])
        );
        assert_eq!(said["usage"], json!({"prompt_tokens": 11, "completion_tokens": 4, "total_tokens": 15}));
    }
}

#[tokio::test]
async fn the_clients_credential_goes_on_where_the_backend_has_none() {
    for (auth, seen) in [
        (None, "Bearer sk-client"),
        (Some(BackendAuth::Passthrough), "Bearer sk-client"),
        (Some(BackendAuth::Key("sk-backend".into())), "Bearer sk-backend"),
    ] {
        let stub = Stub::saying("application/json", COMPLETION).await;
        let gateway = gateway(LlmBackend { auth, ..llm(LlmProvider::OpenAi, None, stub.address) }).await;
        got(gateway.request("POST", "llm.test", "/").bearer_auth("sk-client").body(CHAT)).await;
        assert_eq!(stub.last().header("authorization"), Some(seen));
    }
}

#[tokio::test]
async fn mistakes_of_clients_are_told_in_the_measured_words() {
    let stub = Stub::saying("application/json", COMPLETION).await;
    let gateway = gateway(llm(LlmProvider::OpenAi, None, stub.address)).await;
    for (method, body, text) in [
        ("GET", "", "failed to parse request: EOF while parsing a value at line 1 column 0"),
        ("POST", "{bad", "failed to parse request: key must be a string at line 1 column 2"),
        ("POST", r#"{"messages":[]}"#, "missing field: model not specified"),
    ] {
        let got = got(gateway.request(method, "llm.test", "/v1/models").body(body)).await;
        assert_eq!(got.line(), format!("503 processing failed: {text}"));
    }
    let large = gateway.post("llm.test", "/", " ".repeat(2 * 1024 * 1024 + 1)).await;
    assert_eq!(large.line(), "503 processing failed: request was too large");
    assert_eq!(stub.count(), 0);
}

#[tokio::test]
async fn errors_of_the_provider_keep_status_headers_and_body() {
    for status in [400, 401, 403, 404, 429, 500, 503] {
        let error = r#"{"error": {"message": "no", "type": "stub"}}"#;
        let stub = Stub::answering(move |_| async move {
            let mut answer = answer(status, "application/json", error);
            answer.headers_mut().insert("retry-after", "7".parse().unwrap());
            answer
        })
        .await;
        let gateway = gateway(llm(LlmProvider::OpenAi, None, stub.address)).await;
        for body in [CHAT, STREAMED] {
            let got = gateway.post("llm.test", "/", body).await;
            assert_eq!(got.line(), format!("{status} {error}"));
            assert_eq!(got.header("retry-after"), Some("7"));
        }
        assert_eq!(stub.count(), 2);
    }
    let stub = Stub::saying("application/json", "not json").await;
    let gateway = gateway(llm(LlmProvider::OpenAi, None, stub.address)).await;
    let got = gateway.post("llm.test", "/", CHAT).await;
    assert_eq!(got.line(), "503 processing failed: failed to parse response: expected ident at line 1 column 2");
}

/// An upstream whose stream the test writes piece by piece.
async fn dictated() -> (Stub, mpsc::Sender<Result<Bytes, std::io::Error>>) {
    let (pieces, stream) = mpsc::channel(1);
    let stream = Arc::new(Mutex::new(Some(stream)));
    let stub = Stub::answering(move |_| {
        let stream = Arc::clone(&stream);
        async move {
            let pieces = ReceiverStream::new(stream.lock().await.take().unwrap());
            answer(200, "text/event-stream", Body::from_stream(pieces))
        }
    })
    .await;
    (stub, pieces)
}

#[tokio::test]
async fn the_first_event_arrives_before_the_second_is_sent() {
    let (stub, pieces) = dictated().await;
    let gateway = gateway(llm(LlmProvider::OpenAi, Some("gpt-x"), stub.address)).await;
    let first = "data: {\"n\":1}\r\n\r\n";
    pieces.send(Ok(first.into())).await.unwrap();
    let response = gateway.request("POST", "llm.test", "/").body(STREAMED).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut stream = response.bytes_stream();
    let arrived = tokio::time::timeout(Duration::from_secs(2), stream.next()).await.unwrap().unwrap().unwrap();
    assert_eq!(arrived, first);
    let rest = ": ping\n\ndata: not json\n\nda";
    pieces.send(Ok(rest.into())).await.unwrap();
    pieces.send(Ok("ta: [DONE]\n\n".into())).await.unwrap();
    drop(pieces);
    let pieces: Vec<Bytes> = stream.map(Result::unwrap).collect().await;
    assert_eq!(pieces.concat(), format!("{rest}ta: [DONE]\n\n").as_bytes());
    let body: Value = serde_json::from_str(&stub.last().body).unwrap();
    assert_eq!(body["stream_options"], json!({"include_usage": true}));
}

#[tokio::test]
async fn a_cut_stream_never_looks_complete() {
    let (stub, pieces) = dictated().await;
    let gateway = gateway(llm(LlmProvider::OpenAi, None, stub.address)).await;
    pieces.send(Ok("data: 1\n\n".into())).await.unwrap();
    let response = gateway.request("POST", "llm.test", "/").body(STREAMED).send().await.unwrap();
    pieces.send(Err(std::io::Error::other("cut"))).await.unwrap();
    let pieces: Vec<Result<Bytes, reqwest::Error>> = response.bytes_stream().collect().await;
    assert!(pieces.last().unwrap().is_err());
}

#[tokio::test]
async fn a_client_that_leaves_ends_the_call_upstream() {
    let (stub, pieces) = dictated().await;
    let gateway = gateway(llm(LlmProvider::OpenAi, None, stub.address)).await;
    pieces.send(Ok("data: 1\n\n".into())).await.unwrap();
    drop(gateway.request("POST", "llm.test", "/").body(STREAMED).send().await.unwrap());
    let noticed = async {
        while pieces.send(Ok("data: more\n\n".into())).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(3), noticed).await.expect("the upstream notices");
}

#[tokio::test]
async fn anthropic_streams_become_chunks_as_they_arrive() {
    let (stub, pieces) = dictated().await;
    let gateway = gateway(llm(LlmProvider::Anthropic, Some("claude-x"), stub.address)).await;
    let event = |data: Value| Ok(format!("event: {}\ndata: {data}\n\n", data["type"].as_str().unwrap()).into());
    let start = json!({"type": "message_start", "message": {"id": "msg_1", "model": "claude-x", "usage": {"input_tokens": 11}}});
    pieces.send(event(start)).await.unwrap();
    let request = gateway.request("POST", "llm.test", "/").body(STREAMED);
    let mut stream = request.send().await.unwrap().bytes_stream();
    let text = json!({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}});
    pieces.send(event(text)).await.unwrap();
    let first = stream.next().await.unwrap().unwrap();
    let chunk: Value = serde_json::from_slice(first.strip_prefix(b"data: ").unwrap()).unwrap();
    assert_eq!((&chunk["id"], &chunk["choices"][0]["delta"]), (&json!("msg_1"), &json!({"content": "Hello"})));
    let end = json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 4}});
    pieces.send(event(end)).await.unwrap();
    pieces.send(event(json!({"type": "message_stop"}))).await.unwrap();
    drop(pieces);
    let rest: Vec<Bytes> = stream.map(Result::unwrap).collect().await;
    let rest = String::from_utf8(rest.concat()).unwrap();
    assert!(rest.contains(r#""finish_reason":"stop""#) && !rest.contains("[DONE]"), "{rest}");
}
