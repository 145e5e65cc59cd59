//! MCP servers behind the gateway.

use super::{fixture::*, tables::*};
use serde_json::{Value, json};

/// A server with two tools; it has sessions and answers in JSON.
pub async fn server() -> Stub {
    Stub::answering(|received| async move {
        if received.method != "POST" {
            return answer(if received.method == "GET" { 405 } else { 200 }, "text/plain", "no stream");
        }
        let message: Value = serde_json::from_str(&received.body).unwrap();
        let result = match message["method"].as_str().unwrap() {
            "initialize" => json!({"protocolVersion": "2025-06-18", "capabilities": {}, "serverInfo": {"name": "stub", "version": "1"}, "instructions": "be brief"}),
            "tools/list" if message["params"]["cursor"] == "2" => json!({"tools": [{"name": "add"}]}),
            "tools/list" => json!({"tools": [{"name": "echo"}], "nextCursor": "2"}),
            "tools/call" if message["params"]["name"] == "expired" => {
                return answer(404, "text/plain", "Session not found");
            }
            "tools/call" => json!({"content": [{"type": "text", "text": message["params"]["name"]}, {"type": "text", "text": "second"}]}),
            _ => return answer(202, "text/plain", ""),
        };
        let body = json!({"jsonrpc": "2.0", "id": message["id"], "result": result}).to_string();
        let mut answer = answer(200, "application/json", body);
        if message["method"] == "initialize" {
            answer.headers_mut().insert("mcp-session-id", "stub-session-1".parse().unwrap());
        }
        answer
    })
    .await
}

/// A client in a session, or about to begin one.
pub struct Client<'g> {
    pub gateway: &'g Gateway,
    pub host: &'static str,
    pub session: Option<String>,
}

impl Client<'_> {
    pub async fn initialize(&mut self) -> Got {
        let params =
            json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
        let got = self.send(json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params})).await;
        self.session = got.header("mcp-session-id").map(str::to_owned);
        got
    }

    pub async fn call(&self, method: &str, params: Value) -> Got {
        self.send(json!({"jsonrpc": "2.0", "id": 2, "method": method, "params": params})).await
    }

    pub async fn notify(&self) -> Got {
        self.send(json!({"jsonrpc": "2.0", "method": "notifications/initialized"})).await
    }

    pub async fn send(&self, message: Value) -> Got {
        got(self.request("POST").header("content-type", "application/json").body(message.to_string())).await
    }

    pub fn request(&self, method: &str) -> reqwest::RequestBuilder {
        let request = self.gateway.request(method, self.host, "/mcp");
        let request = request.header("accept", "application/json, text/event-stream");
        match &self.session {
            Some(id) => request.header("mcp-session-id", id),
            None => request,
        }
    }
}

/// The one message of an event stream.
pub fn event(got: &Got) -> Value {
    let data = got.body.strip_prefix("event: message\ndata: ").and_then(|rest| rest.strip_suffix("\n\n"));
    serde_json::from_str(data.unwrap_or_else(|| panic!("no event: {got:?}"))).unwrap()
}

#[tokio::test]
async fn one_server_is_passed_through() {
    let stub = server().await;
    let gateway =
        Gateway::serving(table(vec![route("mcp.test", vec![all(mcp(&[("one", stub.address)], false))])])).await;
    let mut client = Client { gateway: &gateway, host: "mcp.test", session: None };
    let hello = client.initialize().await;
    assert_eq!((hello.status, hello.header("content-type")), (200, Some("text/event-stream")));
    assert_eq!(hello.header("cache-control"), Some("no-cache"));
    assert_eq!(event(&hello)["result"]["serverInfo"]["name"], "stub");
    assert!(!client.session.as_deref().unwrap().contains("stub"));
    let received = stub.last();
    assert_eq!(received.header("accept"), Some("text/event-stream, application/json"));
    assert_eq!(received.header("mcp-method"), Some("initialize"));
    let sent: Value = serde_json::from_str(&received.body).unwrap();
    assert_eq!((&sent["id"], &sent["params"]["_meta"]), (&json!(1), &json!({})));

    assert_eq!(client.notify().await.line(), "202");
    assert_eq!(stub.last().header("mcp-session-id"), Some("stub-session-1"));

    let list = client.call("tools/list", json!({"cursor": "2"})).await;
    assert_eq!(event(&list)["result"]["tools"], json!([{"name": "add"}]));

    let called = event(&client.call("tools/call", json!({"name": "echo", "arguments": {}})).await);
    assert_eq!((&called["id"], called["result"]["content"].as_array().unwrap().len()), (&json!(2), 2));
    let received = stub.last();
    assert_eq!((received.target.as_str(), received.header("mcp-name")), ("/mcp", Some("echo")));
    assert_eq!(received.header("mcp-protocol-version"), Some("2025-06-18"));

    let expired = client.call("tools/call", json!({"name": "expired"})).await;
    assert_eq!(expired.line(), "404 Session not found");
    assert_eq!(got(client.request("GET")).await.line(), "405 no stream");
    assert_eq!(got(client.request("DELETE")).await.line(), "202");
    assert_eq!(stub.last().method, "DELETE");
}

#[tokio::test]
async fn refusals_are_said_in_the_measured_words() {
    let stub = server().await;
    let dead = ([127, 0, 0, 1], dead_port().await).into();
    let gateway = Gateway::serving(table(vec![
        route("mcp.test", vec![all(mcp(&[("one", stub.address)], false))]),
        route("dead.test", vec![all(mcp(&[("one", dead)], false))]),
    ]))
    .await;
    let mut client = Client { gateway: &gateway, host: "mcp.test", session: None };
    client.initialize().await;
    let (calls, session) = (stub.count(), client.session.clone().unwrap());
    let list = r#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#;
    let bogus = r#"{"jsonrpc":"2.0","id":2,"method":"bogus/method"}"#;
    let (json, both, none) = ("application/json", "application/json, text/event-stream", "");
    for (method, session, accept, kind, body, wanted) in [
        ("POST", none, both, json, list, "400 mcp: session header is required for non-initialize requests"),
        ("POST", "garbage", both, json, list, "400 mcp: invalid session ID header"),
        ("GET", none, both, json, "", "400 mcp: session ID is required"),
        ("DELETE", none, both, json, "", "400 mcp: session ID is required"),
        ("GET", &session, json, json, "", "406 mcp: client must accept text/event-stream"),
        ("POST", &session, json, json, list, "406 mcp: client must accept both application/json and text/event-stream"),
        ("POST", &session, both, "text/plain", list, "415 mcp: client must send application/json"),
        ("PUT", &session, both, json, list, "405 mcp: method not allowed; must be GET, POST, or DELETE"),
        (
            "POST",
            &session,
            both,
            json,
            "[]",
            "400 mcp: fail to deserialize request body: data did not match any variant of untagged enum JsonRpcMessage",
        ),
        (
            "POST",
            &session,
            both,
            json,
            bogus,
            r#"500 {"jsonrpc":"2.0","id":2,"error":{"code":-32603,"message":"failed to send message: unsupported method: bogus/method"}}"#,
        ),
    ] {
        let mut request =
            gateway.request(method, "mcp.test", "/mcp").header("accept", accept).header("content-type", kind);
        if !session.is_empty() {
            request = request.header("mcp-session-id", session);
        }
        assert_eq!(got(request.body(body)).await.line(), wanted);
    }
    let version = client.request("POST").header("content-type", json).header("mcp-protocol-version", "1900-01-01");
    assert_eq!(
        got(version.body(list)).await.line(),
        r#"400 {"jsonrpc":"2.0","id":2,"error":{"code":-32022,"message":"unsupported MCP protocol version: 1900-01-01","data":{"supported":["2024-11-05","2025-03-26","2025-06-18","2025-11-25","2026-07-28"],"requested":"1900-01-01"}}}"#
    );
    assert_eq!(stub.count(), calls);
    let down = Client { gateway: &gateway, host: "dead.test", session: None }.initialize().await;
    assert_eq!(
        down.line(),
        r#"500 {"jsonrpc":"2.0","id":1,"error":{"code":-32603,"message":"failed to send message: http upstream error: http request failed: upstream call failed: Connect: Connection refused (os error 111)"}}"#
    );
}

#[tokio::test]
async fn several_servers_answer_as_one() {
    let (one, two) = (server().await, server().await);
    let targets = mcp(&[("one", one.address), ("two", two.address)], false);
    let gateway = Gateway::serving(table(vec![route("mcp.test", vec![all(targets)])])).await;
    let mut client = Client { gateway: &gateway, host: "mcp.test", session: None };
    let hello = event(&client.initialize().await);
    assert_eq!(hello["result"]["serverInfo"], json!({"name": "agentgateway", "version": "v1.4.1"}));
    assert!(hello["result"]["instructions"].as_str().unwrap().ends_with("\n\n[one]\nbe brief\n\n[two]\nbe brief"));
    client.notify().await;
    assert_eq!((one.count(), two.count()), (2, 2));

    let list = event(&client.call("tools/list", json!({})).await);
    let names: Vec<&str> =
        list["result"]["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["one_echo", "one_add", "two_echo", "two_add"]);

    let before = one.count();
    let called = event(&client.call("tools/call", json!({"name": "two_add"})).await);
    assert_eq!(called["result"]["content"][0]["text"], "add");
    assert_eq!((one.count(), two.last().header("mcp-name")), (before, Some("add")));

    let unprefixed = client.call("tools/call", json!({"name": "add"})).await;
    assert_eq!(
        unprefixed.line(),
        r#"500 {"jsonrpc":"2.0","id":2,"error":{"code":-32603,"message":"failed to send message: invalid request: invalid resource name"}}"#
    );
}

#[tokio::test]
async fn without_sessions_each_call_is_one_of_its_own() {
    let stub = server().await;
    let gateway =
        Gateway::serving(table(vec![route("mcp.test", vec![all(mcp(&[("one", stub.address)], true))])])).await;
    let client = Client { gateway: &gateway, host: "mcp.test", session: None };
    let called = client.call("tools/call", json!({"name": "echo"})).await;
    assert_eq!(
        (event(&called)["result"]["content"][0]["text"].as_str(), called.header("mcp-session-id")),
        (Some("echo"), None)
    );
    let seen: Vec<String> = stub
        .received()
        .iter()
        .map(|received| received.header("mcp-method").unwrap_or(&received.method).to_owned())
        .collect();
    assert_eq!(seen, ["initialize", "notifications/initialized", "tools/call", "DELETE"]);
}

#[tokio::test]
async fn events_before_the_answer_arrive_before_it() {
    let stub = Stub::answering(|received| async move {
        let message: Value = serde_json::from_str(&received.body).unwrap();
        if message["method"] == "initialize" {
            let result = json!({"protocolVersion": "2025-06-18"});
            return answer(
                200,
                "text/event-stream",
                format!("data: {}\n\n", json!({"jsonrpc": "2.0", "id": 1, "result": result})),
            );
        }
        let progress = json!({"jsonrpc": "2.0", "method": "notifications/progress", "params": {"progress": 1}});
        let result = json!({"jsonrpc": "2.0", "id": 2, "result": {}});
        answer(
            200,
            "text/event-stream",
            format!("event: message\nid: 7\ndata: {progress}\n\n: ping\n\ndata: {result}\n\n"),
        )
    })
    .await;
    let gateway =
        Gateway::serving(table(vec![route("mcp.test", vec![all(mcp(&[("one", stub.address)], false))])])).await;
    let mut client = Client { gateway: &gateway, host: "mcp.test", session: None };
    client.initialize().await;
    let got = client.call("tools/call", json!({"name": "slow"})).await;
    let events: Vec<&str> = got.body.split_inclusive("\n\n").collect();
    assert_eq!(events.len(), 2, "{}", got.body);
    assert!(events[0].contains("notifications/progress") && events[1].contains(r#""result":{}"#));
}
