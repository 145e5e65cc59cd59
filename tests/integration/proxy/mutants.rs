//! Each misbehaviour changes what it says, and nothing else.

use super::{
    fixture::*,
    mcp::{self, Client, event},
    tables::*,
};
use agw_sandbox::gateway::{Mutant, table::*};
use serde_json::json;
use std::time::Duration;

/// The proxy's mutants, each with what its probe sees when all is well.
const PROBES: [(Mutant, &str); 17] = [
    (Mutant::ExactAsPrefix, "500"),
    (Mutant::HeaderMatchIgnored, "500"),
    (Mutant::UnknownHostServed, "404"),
    (Mutant::RewriteIgnored, "/new/x"),
    (Mutant::PrefixStripped, "/old/x"),
    (Mutant::CredentialLeaked, "Bearer sk-backend"),
    (Mutant::StreamEndLost, "data: 1\n\ndata: [DONE]\n\n"),
    (Mutant::ErrorSwallowed, "429"),
    (Mutant::McpSessionLost, "session"),
    (Mutant::McpNotificationAnswered, "202"),
    (Mutant::McpCursorLost, "add"),
    (Mutant::McpContentCut, "2 parts"),
    (Mutant::ApiKeyForwarded, "no credential"),
    (Mutant::LimitOffByOne, "200 429"),
    (Mutant::TimeoutIgnored, "504"),
    (Mutant::RefusalReworded, "503 upstream call failed: Connect: Connection refused (os error 111)"),
    (Mutant::NotFoundHidden, "404 route not found"),
];

/// Answers with the path and credential that it got, streams, errors and slowness on demand.
async fn upstream() -> Stub {
    Stub::answering(|received| async move {
        match received.target.as_str() {
            "/late" => tokio::time::sleep(Duration::from_millis(120)).await,
            "/stream" => return answer(200, "text/event-stream", "data: 1\n\ndata: [DONE]\n\n"),
            "/error" => return answer(429, "text/plain", "slow down"),
            _ => {}
        }
        let credential = received.header("authorization").unwrap_or("no credential");
        answer(
            200,
            "application/json",
            json!({"choices": [], "target": received.target, "credential": credential}).to_string(),
        )
    })
    .await
}

fn served(stub: &Stub, tools: &Stub, dead: u16, mutant: Option<Mutant>) -> Table {
    let there = || server(stub.address);
    // Takes what no other rule of its route matches.
    let otherwise = || all(Backend::Faulty(BackendFault::ServiceNotFound));
    let chat = |path: &str| {
        let path = UpstreamPath::Exact(path.into());
        all(Backend::Llm(LlmBackend { path, ..llm(LlmProvider::OpenAi, Some("m"), stub.address) }))
    };
    let mut by_header = all(there());
    by_header.matches[0].headers = vec![HeaderMatch::Exact("x-llm".into(), "openai".into())];
    let rewrite = Filter::Rewrite { hostname: None, path: Some(PathRewrite::Prefix("/new".into())) };
    // Each round has a bucket of its own.
    let bucket = LocalRateLimit { key: format!("{mutant:?}"), ..limit(1) };
    let soon = Some(Duration::from_millis(40));
    let routes = vec![
        route("exact.test", vec![rule(exact("/b"), there()), otherwise()]),
        route("header.test", vec![by_header, otherwise()]),
        route("rewrite.test", vec![filtered(rule(prefix("/old"), there()), vec![rewrite])]),
        route("plain.test", vec![rule(prefix("/old"), there())]),
        route("chat.test", vec![chat("/chat")]),
        route("stream.test", vec![chat("/stream")]),
        route("error.test", vec![chat("/error")]),
        route("mcp.test", vec![all(super::tables::mcp(&[("one", tools.address)], false))]),
        route("key.test", vec![with(all(there()), Policies { api_key: Some(key("sk-good")), ..Policies::default() })]),
        route(
            "limit.test",
            vec![with(all(there()), Policies { rate_limits: Some(vec![bucket]), ..Policies::default() })],
        ),
        route("late.test", vec![Rule { request_timeout: soon, ..all(there()) }]),
        route("dead.test", vec![all(named_server("127.0.0.1", dead))]),
    ];
    Table { listeners: vec![listener(Some("*.test"), Policies::default(), routes)], ..Table::default() }
}

async fn probe(gateway: &Gateway, mutant: Mutant) -> String {
    let field = |got: Got, name: &str| {
        let body: serde_json::Value = serde_json::from_str(&got.body).unwrap();
        body[name].as_str().unwrap().to_owned()
    };
    let chat = r#"{"messages":[],"stream":false}"#;
    let stream = r#"{"messages":[],"stream":true}"#;
    match mutant {
        Mutant::ExactAsPrefix => gateway.get("exact.test", "/bx").await.status.to_string(),
        Mutant::HeaderMatchIgnored => gateway.get("header.test", "/").await.status.to_string(),
        Mutant::UnknownHostServed => gateway.get("unknown.example", "/old").await.status.to_string(),
        Mutant::RewriteIgnored => field(gateway.get("rewrite.test", "/old/x").await, "target"),
        Mutant::PrefixStripped => field(gateway.get("plain.test", "/old/x").await, "target"),
        Mutant::CredentialLeaked => {
            let request = gateway.request("POST", "chat.test", "/").bearer_auth("sk-client").body(chat);
            field(got(request).await, "credential")
        }
        Mutant::StreamEndLost => gateway.post("stream.test", "/", stream).await.body,
        Mutant::ErrorSwallowed => gateway.post("error.test", "/", chat).await.status.to_string(),
        Mutant::ApiKeyForwarded => {
            field(got(gateway.request("GET", "key.test", "/").bearer_auth("sk-good")).await, "credential")
        }
        Mutant::LimitOffByOne => {
            let first = gateway.get("limit.test", "/").await.status;
            format!("{first} {}", gateway.get("limit.test", "/").await.status)
        }
        Mutant::TimeoutIgnored => gateway.get("late.test", "/late").await.status.to_string(),
        Mutant::RefusalReworded => gateway.get("dead.test", "/").await.line(),
        Mutant::NotFoundHidden => gateway.get("nobody.test", "/").await.line(),
        _ => probe_mcp(gateway, mutant).await,
    }
}

async fn probe_mcp(gateway: &Gateway, mutant: Mutant) -> String {
    // A session that the misbehaviour cannot lose.
    let acting = gateway.mutant.send_replace(None);
    let mut client = Client { gateway, host: "mcp.test", session: None };
    client.initialize().await;
    gateway.mutant.send_replace(acting);
    match mutant {
        Mutant::McpSessionLost => {
            client.session = None;
            client.initialize().await;
            if client.session.is_some() { "session" } else { "no session" }.to_owned()
        }
        Mutant::McpNotificationAnswered => client.notify().await.line(),
        Mutant::McpCursorLost => {
            let list = event(&client.call("tools/list", json!({"cursor": "2"})).await);
            list["result"]["tools"][0]["name"].as_str().unwrap().to_owned()
        }
        Mutant::McpContentCut => {
            let called = event(&client.call("tools/call", json!({"name": "echo"})).await);
            format!("{} parts", called["result"]["content"].as_array().unwrap().len())
        }
        other => panic!("{other} is not the proxy's"),
    }
}

#[tokio::test]
async fn each_mutant_changes_its_own_behaviour_only() {
    let (stub, tools, dead) = (upstream().await, mcp::server().await, dead_port().await);
    let gateway = Gateway::serving(served(&stub, &tools, dead, None)).await;
    for acting in std::iter::once(None).chain(PROBES.map(|(mutant, _)| Some(mutant))) {
        gateway.table.send_replace(served(&stub, &tools, dead, acting).into());
        gateway.mutant.send_replace(acting);
        // The table is followed within moments; the bucket's key shows that it was.
        tokio::time::sleep(Duration::from_millis(20)).await;
        for (mutant, well) in PROBES {
            let seen = probe(&gateway, mutant).await;
            assert_eq!(seen != well, acting == Some(mutant), "{mutant} under {acting:?}: {seen}");
        }
    }
}
