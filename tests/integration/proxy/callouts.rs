//! Services that the proxy asks on the way, played by the mocks. Source: facts/manifests.md 4.2 and 9.

use super::fixture::{Gateway, Got, Stub, answer, dead_port, got};
use super::tables::{all, endpoints, llm, route, server, table, with};
use crate::mocks::stand::Stand;
use agw_sandbox::exchange::{Behaviour, Exchange, Lane};
use agw_sandbox::gateway::table::*;
use serde_json::{Value, json};
use std::net::SocketAddr;

/// The lane that a Host in this namespace means.
const LANE: &str = "callout";

fn callee(mock: &str) -> Option<Callee> {
    Some(Callee { host: format!("{mock}.{LANE}.svc.cluster.local"), port: 80 })
}

fn cel(text: &str) -> Cel {
    Cel::new(text).unwrap()
}

/// A table with routes, the mocks as Services, and `dead`, where nobody listens.
async fn served(stand: &Stand, routes: Vec<Route>) -> Table {
    let mut table = table(routes);
    for mock in ["ext-authz", "ext-authz-http", "ext-proc", "rate-limit", "guardrail", "openai"] {
        if let Some(endpoint) = stand.mocks.endpoint(mock) {
            let host = callee(mock).unwrap().host;
            table.services.extend([endpoints(&host, &[endpoint.address])]);
        }
    }
    let dead = SocketAddr::from(([127, 0, 0, 1], dead_port().await));
    table.services.extend([endpoints(&callee("dead").unwrap().host, &[dead])]);
    table
}

async fn behave(stand: &Stand, mock: &str, behaviour: Value) {
    let behaviour: Behaviour = serde_json::from_value(behaviour).unwrap();
    stand.admin.behave(&Lane::named(LANE), mock, &behaviour).await.unwrap();
}

async fn seen(stand: &Stand, mock: &str) -> Vec<Exchange> {
    stand.admin.exchanges(&Lane::named(LANE), mock).await.unwrap()
}

fn guarded(upstream: &Stub, host: &str, policies: Policies) -> Route {
    route(host, vec![with(all(server(upstream.address)), policies)])
}

#[tokio::test]
async fn a_service_lets_requests_in_over_grpc() {
    let (stand, upstream) = (Stand::start().await, Stub::saying("text/plain", "ok").await);
    let policy = |service, fail_open| Policies {
        ext_auth: Some(ExtAuth {
            service,
            protocol: ExtAuthProtocol::Grpc(vec![("k".into(), "v".into())]),
            forward_body: Some(100),
            fail_open,
        }),
        ..Policies::default()
    };
    let routes = vec![
        guarded(&upstream, "asked.test", policy(callee("ext-authz"), false)),
        guarded(&upstream, "dead.test", policy(callee("dead"), false)),
        guarded(&upstream, "open.test", policy(callee("dead"), true)),
        guarded(&upstream, "missing.test", policy(None, false)),
    ];
    let gateway = Gateway::serving(served(&stand, routes).await).await;
    let deny = json!({"allow": false, "status": 418, "body": "no tea", "headers": [["x-why", "tea"]]});
    let allow = json!({"allow": true, "headers": [["x-auth-user", "alice"]], "removeHeaders": ["x-ticket"]});
    behave(&stand, "ext-authz", json!({"verdicts": [deny, allow]})).await;

    let refused = gateway.post("asked.test", "/a?b=1", "hello").await;
    assert_eq!((refused.line(), refused.header("x-why")), ("418 no tea".to_owned(), Some("tea")));
    assert_eq!(upstream.count(), 0);
    let request = gateway.request("POST", "asked.test", "/").header("x-ticket", "good").body("hello");
    assert_eq!(got(request).await.status, 200);
    let last = upstream.last();
    assert_eq!(
        (last.header("x-auth-user"), last.header("x-ticket"), last.body.as_str()),
        (Some("alice"), None, "hello")
    );
    let asked: String =
        seen(&stand, "ext-authz").await.iter().map(|exchange| format!("{:?}", exchange.received)).collect();
    assert!(asked.contains("hello") && asked.contains("/a?b=1") && asked.contains("contextExtensions"), "{asked}");

    assert_eq!(gateway.get("dead.test", "/").await.line(), "403 external authorization failed");
    assert_eq!(gateway.get("missing.test", "/").await.line(), "403 external authorization failed");
    assert_eq!(gateway.get("open.test", "/").await.line(), "200 ok");
}

#[tokio::test]
async fn a_service_lets_requests_in_over_http() {
    let service = Stub::answering(|asked| async move {
        match asked.header("x-ticket") {
            Some("good") => {
                let mut fine = answer(200, "text/plain", "");
                fine.headers_mut().insert("x-auth-user", "alice".parse().unwrap());
                fine
            }
            _ => answer(403, "text/plain", "ext-auth says no"),
        }
    })
    .await;
    let (stand, upstream) = (Stand::start().await, Stub::saying("text/plain", "ok").await);
    let policy = |path: Option<&str>, headers: &[&str]| Policies {
        ext_auth: Some(ExtAuth {
            service: callee("own"),
            protocol: ExtAuthProtocol::Http {
                path: path.map(cel),
                request_headers: headers.iter().map(|name| (*name).to_owned()).collect(),
                response_headers: vec!["x-auth-user".into()],
            },
            forward_body: None,
            fail_open: false,
        }),
        ..Policies::default()
    };
    let routes = vec![
        guarded(&upstream, "path.test", policy(Some(r#""/verify""#), &["x-ticket"])),
        guarded(&upstream, "bare.test", policy(None, &[])),
    ];
    let mut table = served(&stand, routes).await;
    table.services.extend([endpoints(&callee("own").unwrap().host, &[service.address])]);
    let gateway = Gateway::serving(table).await;

    assert_eq!(gateway.get("path.test", "/x").await.line(), "403 ext-auth says no");
    let request = gateway.request("GET", "path.test", "/x").header("x-ticket", "good").bearer_auth("t");
    assert_eq!(got(request).await.status, 200);
    let asked = service.last();
    assert_eq!((asked.target.as_str(), asked.header("authorization")), ("/verify", None));
    let last = upstream.last();
    assert_eq!((last.header("x-auth-user"), last.header("authorization")), (Some("alice"), Some("Bearer t")));

    let request = gateway.request("GET", "bare.test", "/x?y=1").header("x-ticket", "good").bearer_auth("t");
    assert_eq!(got(request).await.status, 403);
    let asked = service.last();
    assert_eq!((asked.target.as_str(), asked.header("authorization")), ("/x?y=1", Some("Bearer t")));
}

#[tokio::test]
async fn a_processor_changes_requests_and_answers() {
    let (stand, upstream) = (Stand::start().await, Stub::saying("text/plain", "ok").await);
    let policy = |service, mode| Policies {
        ext_proc: Some(ExtProc { service, request_body: mode, response_body: mode }),
        ..Policies::default()
    };
    let routes = vec![
        guarded(&upstream, "heads.test", policy(callee("ext-proc"), BodyMode::None)),
        guarded(&upstream, "buffered.test", policy(callee("ext-proc"), BodyMode::Buffered)),
        guarded(&upstream, "dead.test", policy(callee("dead"), BodyMode::None)),
    ];
    let gateway = Gateway::serving(served(&stand, routes).await).await;
    let heads =
        json!({"request": {"setHeaders": {"x-proc-req": "1"}}, "response": {"setHeaders": {"x-proc-resp": "1"}}});
    behave(&stand, "ext-proc", json!({"processing": heads})).await;
    let changed = gateway.post("heads.test", "/", "hello").await;
    assert_eq!((changed.line(), changed.header("x-proc-resp")), ("200 ok".to_owned(), Some("1")));
    let last = upstream.last();
    assert_eq!((last.header("x-proc-req"), last.body.as_str()), (Some("1"), "hello"));

    let bodies = json!({"request": {"setBody": "changed"}, "response": {"setBody": "other"}});
    behave(&stand, "ext-proc", json!({"processing": bodies})).await;
    assert_eq!(gateway.post("buffered.test", "/", "hello").await.line(), "200 other");
    assert_eq!(upstream.last().body, "changed");

    let immediate = json!({"request": {"immediate": {"status": 418, "headers": {}, "body": "at once", "details": ""}}});
    behave(&stand, "ext-proc", json!({"processing": immediate})).await;
    assert_eq!(gateway.get("heads.test", "/").await.line(), "418 at once");
    assert_eq!(gateway.get("dead.test", "/").await.line(), "500 ext_proc failed: no more response messages");
    assert_eq!(upstream.count(), 2);
}

#[tokio::test]
async fn a_service_counts_requests_and_tokens() {
    let (stand, upstream) = (Stand::start().await, Stub::saying("text/plain", "ok").await);
    let policy = |service, counts, fail_open| {
        let entries = vec![("user".to_owned(), cel(r#"request.headers["x-user"]"#))];
        let descriptors = vec![LimitDescriptor { entries, counts }];
        Policies {
            global_limit: Some(GlobalRateLimit { domain: "demo".into(), service, descriptors, fail_open }),
            ..Policies::default()
        }
    };
    let model = Stub::saying(
        "application/json",
        r#"{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":4,"total_tokens":15}}"#,
    )
    .await;
    let tokens = Backend::Llm(llm(LlmProvider::OpenAi, None, model.address));
    let routes = vec![
        guarded(&upstream, "limit.test", policy(callee("rate-limit"), Counted::Requests, false)),
        guarded(&upstream, "dead.test", policy(callee("dead"), Counted::Requests, false)),
        guarded(&upstream, "open.test", policy(callee("dead"), Counted::Requests, true)),
        route("tokens.test", vec![with(all(tokens), policy(callee("rate-limit"), Counted::Tokens, false))]),
    ];
    let gateway = Gateway::serving(served(&stand, routes).await).await;
    behave(&stand, "rate-limit", json!({"limits": [{"descriptor": [{"key": "user"}], "hits": 2, "per": "hour"}]}))
        .await;
    let ask = async |host: &str, user: Option<&str>| {
        let request = gateway.request("GET", host, "/");
        got(match user {
            Some(user) => request.header("x-user", user),
            None => request,
        })
        .await
    };
    let lines: Vec<u16> = vec![
        ask("limit.test", Some("u1")).await.status,
        ask("limit.test", Some("u1")).await.status,
        ask("limit.test", Some("u1")).await.status,
        ask("limit.test", Some("u2")).await.status,
        ask("limit.test", None).await.status,
    ];
    assert_eq!(lines, [200, 200, 429, 200, 200], "a user who is not known is not counted");
    assert_eq!(ask("dead.test", Some("u")).await.line(), "500 rate limit failed");
    assert_eq!(ask("open.test", Some("u")).await.line(), "200 ok");

    let chat = r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
    let before = seen(&stand, "rate-limit").await.len();
    let request = gateway.request("POST", "tokens.test", "/v1/chat/completions").header("x-user", "t");
    assert_eq!(got(request.body(chat)).await.status, 200);
    let lane = Lane::named(LANE);
    let asked = stand.admin.wait_for(&lane, "rate-limit", before + 2, std::time::Duration::from_secs(5)).await.unwrap();
    let hits: Vec<_> = asked[before..].iter().map(|exchange| format!("{:?}", exchange.received)).collect();
    assert!(hits[0].contains('0') && hits[1].contains("15"), "{hits:?}");
}

#[tokio::test]
async fn a_webhook_judges_prompts_and_answers() {
    let stand = Stand::start().await;
    let model = Stub::saying(
        "application/json",
        r#"{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"secret now"},"finish_reason":"stop"}]}"#,
    )
    .await;
    let guard = |service, fail_open| {
        let webhook =
            GuardWebhook { service, forwarded: vec![HeaderMatch::Exact("x-tenant".into(), "t1".into())], fail_open };
        let guard = Guard { kind: GuardKind::Webhook(webhook), rejection: Rejection::default() };
        PromptGuard { request: vec![guard.clone()], response: vec![guard], streaming: false }
    };
    let backend = |service, fail_open| {
        let policies = Policies { prompt_guard: Some(guard(service, fail_open)), ..Policies::default() };
        let llm = llm(LlmProvider::OpenAi, None, model.address);
        Backend::Llm(LlmBackend { policies: std::sync::Arc::new(policies), ..llm })
    };
    let routes = vec![
        route("hook.test", vec![all(backend(callee("guardrail"), false))]),
        route("dead.test", vec![all(backend(callee("dead"), false))]),
        route("open.test", vec![all(backend(callee("dead"), true))]),
    ];
    let gateway = Gateway::serving(served(&stand, routes).await).await;
    let chat = r#"{"model":"m","messages":[{"role":"user","content":"secret please"}]}"#;
    let ask =
        async |host: &str| -> Got { got(gateway.request("POST", host, "/").header("x-tenant", "t1").body(chat)).await };

    let masks = json!({"request": {"mask": {"secret": "***"}}, "response": {"mask": {"secret": "***"}}});
    behave(&stand, "guardrail", json!({"guard": masks})).await;
    let masked = ask("hook.test").await;
    assert!(masked.status == 200 && masked.body.contains("*** now"), "{}", masked.line());
    assert!(model.last().body.contains("*** please"));
    let tenant = |exchange: &Exchange| exchange.received.headers.iter().any(|(name, _)| name == "x-tenant");
    assert!(seen(&stand, "guardrail").await.iter().all(tenant));

    let rejects = json!({"request": {"reject": {"status": 451, "body": "webhook says no", "reason": "r"}}});
    behave(&stand, "guardrail", json!({"guard": rejects})).await;
    let refused = ask("hook.test").await;
    assert_eq!((refused.line(), refused.header("content-type")), ("451 webhook says no".to_owned(), None));
    let rejects = json!({"response": {"reject": {"status": 451, "body": "answer withheld", "reason": "r"}}});
    behave(&stand, "guardrail", json!({"guard": rejects})).await;
    assert_eq!(ask("hook.test").await.line(), "451 answer withheld");

    assert_eq!(ask("dead.test").await.line(), "503 processing failed: prompt guard failed");
    assert_eq!(ask("open.test").await.status, 200);
}
