//! Talking to a server in a revision.

use crate::mocks::stand::Stand;
use agw_sandbox::wire::sse::Decoder;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

pub const STATEFUL: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
pub const STATELESS: &str = "2026-07-28";

/// A client of one server, with a session where the revision has them.
pub struct Talk<'a> {
    pub stand: &'a Stand,
    pub server: &'a str,
    pub revision: &'a str,
    token: String,
    pub session: Option<String>,
    /// What `initialize` or `server/discover` said.
    pub hello: Value,
}

impl<'a> Talk<'a> {
    pub async fn start(stand: &'a Stand, server: &'a str, revision: &'a str) -> Self {
        Self::with_token(stand, server, revision, String::new()).await
    }

    pub async fn with_token(stand: &'a Stand, server: &'a str, revision: &'a str, token: String) -> Self {
        let mut talk = Self { stand, server, revision, token, session: None, hello: Value::Null };
        if revision == STATELESS {
            talk.hello = talk.ask("server/discover", json!({})).await;
            return talk;
        }
        let info = json!({ "name": "test", "version": "1" });
        let params = json!({ "protocolVersion": revision, "capabilities": {}, "clientInfo": info });
        let answer = talk.post(&json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })).await;
        assert_eq!(answer.status(), 200);
        let session = answer.headers()["mcp-session-id"].to_str().unwrap().to_owned();
        talk.hello = messages(answer).await.pop().unwrap();
        talk.session = Some(session);
        assert_eq!(talk.hello["result"]["protocolVersion"], revision);
        let ready = talk.post(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        assert_eq!(ready.status(), 202);
        talk
    }

    /// A request with the headers of the revision.
    pub fn request(&self, method: Method) -> RequestBuilder {
        let request = self.stand.request(self.server, method, "/mcp").header("content-type", "application/json");
        let request = request.header("accept", "application/json, text/event-stream").bearer_auth(&self.token);
        match &self.session {
            Some(id) => request.header("mcp-session-id", id).header("mcp-protocol-version", self.revision),
            None if self.revision == STATELESS => request.header("mcp-protocol-version", self.revision),
            None => request,
        }
    }

    pub async fn post(&self, message: &Value) -> Response {
        let mut request = self.request(Method::POST).body(message.to_string());
        if self.revision == STATELESS {
            let params = &message["params"];
            request = request.header("mcp-method", message["method"].as_str().unwrap_or_default());
            if let Some(name) = params["name"].as_str().or(params["uri"].as_str()) {
                request = request.header("mcp-name", name);
            }
        }
        request.send().await.unwrap()
    }

    /// All messages that a request is answered with.
    pub async fn ask_all(&self, method: &str, mut params: Value) -> Vec<Value> {
        if self.revision == STATELESS {
            params["_meta"]["io.modelcontextprotocol/protocolVersion"] = STATELESS.into();
            params["_meta"]["io.modelcontextprotocol/clientInfo"] = json!({ "name": "test", "version": "1" });
            params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
        }
        let message = json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params });
        messages(self.post(&message).await).await
    }

    /// The answer to a request.
    pub async fn ask(&self, method: &str, params: Value) -> Value {
        let answer = self.ask_all(method, params).await.pop();
        answer.unwrap_or_else(|| panic!("{method} was not answered"))
    }

    pub async fn call(&self, tool: &str, arguments: Value) -> Value {
        self.ask("tools/call", json!({ "name": tool, "arguments": arguments })).await
    }
}

/// The messages of an answer, in JSON or as events.
pub async fn messages(response: Response) -> Vec<Value> {
    let is_json = response.headers().get("content-type").is_some_and(|kind| kind == "application/json");
    let body = response.bytes().await.unwrap();
    if is_json {
        return vec![serde_json::from_slice(&body).unwrap()];
    }
    let events = Decoder::new().push(&body).into_iter().filter(|event| !event.data.is_empty());
    events.map(|event| serde_json::from_str(&event.data).unwrap()).collect()
}

/// The text of a tool's answer.
pub fn text(answer: &Value) -> &str {
    answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("no text: {answer}"))
}
