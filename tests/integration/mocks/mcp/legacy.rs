//! The transport of 2024-11-05.

use crate::mocks::stand::{PATIENCE, Stand, answer};
use agw_sandbox::wire::sse::{Decoder, SseEvent};
use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::time::timeout;

struct Stream {
    response: Response,
    decoder: Decoder,
    waiting: Vec<SseEvent>,
}

impl Stream {
    async fn open(stand: &Stand, server: &str) -> Self {
        let request = stand.request(server, Method::GET, "/sse").header("accept", "text/event-stream");
        Self { response: request.send().await.unwrap(), decoder: Decoder::new(), waiting: Vec::new() }
    }

    async fn next(&mut self) -> SseEvent {
        while self.waiting.is_empty() {
            let piece = timeout(PATIENCE, self.response.chunk()).await.expect("an event in time").unwrap();
            self.waiting = self.decoder.push(&piece.expect("the stream stays open"));
        }
        self.waiting.remove(0)
    }

    async fn message(&mut self) -> Value {
        let event = self.next().await;
        assert_eq!(event.name.as_deref(), Some("message"));
        serde_json::from_str(&event.data).unwrap()
    }
}

#[tokio::test]
async fn the_stream_names_an_address_and_answers_what_is_posted_there() {
    let stand = Stand::start().await;
    for server in ["legacy", "toolbox"] {
        let mut stream = Stream::open(&stand, server).await;
        let endpoint = stream.next().await;
        assert_eq!(endpoint.name.as_deref(), Some("endpoint"));
        let post = async |message: &Value| {
            stand.request(server, Method::POST, &endpoint.data).json(message).send().await.unwrap().status().as_u16()
        };
        let info = json!({ "name": "test", "version": "1" });
        let params = json!({ "protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": info });
        let start = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
        assert_eq!(post(&start).await, 202);
        assert_eq!(stream.message().await["result"]["protocolVersion"], "2024-11-05");
        assert_eq!(post(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await, 202);
        let call = |id: u32| {
            let params = json!({ "name": "echo", "arguments": { "text": "hello" } });
            json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params })
        };
        assert_eq!(post(&call(2)).await, 202);
        assert_eq!(stream.message().await["result"]["content"][0]["text"], "hello");
        assert_eq!(post(&json!([call(3), call(4)])).await, 202);
        let ids = [stream.message().await["id"].as_u64(), stream.message().await["id"].as_u64()];
        assert!(ids.contains(&Some(3)) && ids.contains(&Some(4)), "{ids:?}");
        let nonsense = stand.request(server, Method::POST, &endpoint.data).body("{");
        assert_eq!(
            answer(nonsense).await,
            (
                400,
                json!({
                    "jsonrpc": "2.0",
                    "error": { "code": -32700, "message": "Parse error: the body is no JSON" },
                })
            )
        );
        drop(stream);
        // The address is good as long as the stream is.
        let gone = async {
            while post(&call(5)).await != 404 {
                tokio::task::yield_now().await
            }
        };
        timeout(PATIENCE, gone).await.expect("the session ends with its stream");
    }
    assert_eq!(answer(stand.request("legacy", Method::POST, "/messages?sessionId=nobody").body("{}")).await.0, 404);
}
