//! Policies in front of backends.

use super::{fixture::*, tables::*};
use agw_sandbox::gateway::table::*;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

#[tokio::test]
async fn an_api_key_opens_and_stays_at_the_gateway() {
    let stub = Stub::saying("text/plain", "ok").await;
    let policies = Policies { api_key: Some(key("sk-good")), ..Policies::default() };
    let gateway =
        Gateway::serving(table(vec![route("key.test", vec![with(all(server(stub.address)), policies)])])).await;
    for (credential, wanted, calls) in [
        ("", "401 api key authentication failure: no API Key found", 0),
        ("Bearer nope", "401 api key authentication failure: invalid credentials", 0),
        ("Bearer sk-good", "200 ok", 1),
    ] {
        let mut request = gateway.request("GET", "key.test", "/");
        if !credential.is_empty() {
            request = request.header("authorization", credential);
        }
        let got = got(request).await;
        assert_eq!((got.line().as_str(), stub.count()), (wanted, calls), "{credential}");
        assert!(got.header("www-authenticate").is_none());
    }
    assert_eq!(stub.last().header("authorization"), None);
}

#[tokio::test]
async fn a_rate_limit_counts_across_tables() {
    let stub = Stub::saying("text/plain", "ok").await;
    let served = || {
        let policies = Policies { rate_limits: Some(vec![limit(2)]), ..Policies::default() };
        table(vec![route("limit.test", vec![with(all(server(stub.address)), policies)])])
    };
    let gateway = Gateway::serving(served()).await;
    for _ in 0..2 {
        let got = gateway.get("limit.test", "/").await;
        assert_eq!((got.status, got.header("x-ratelimit-limit")), (200, None));
        gateway.table.send_replace(Arc::new(served()));
    }
    let refused = gateway.get("limit.test", "/").await;
    assert_eq!(refused.line(), "429 rate limit exceeded");
    let headers = ["x-ratelimit-limit", "x-ratelimit-remaining", "retry-after"].map(|name| refused.header(name));
    assert_eq!(headers, [Some("2"), Some("0"), None]);
    let reset: u64 = refused.header("x-ratelimit-reset").unwrap().parse().unwrap();
    assert!((50..=60).contains(&reset) && stub.count() == 2, "{reset}");
}

#[tokio::test]
async fn exactly_as_many_as_allowed_pass_at_once() {
    let stub = Stub::saying("text/plain", "ok").await;
    let policies = Policies { rate_limits: Some(vec![limit(20)]), ..Policies::default() };
    let gateway =
        Gateway::serving(table(vec![route("limit.test", vec![with(all(server(stub.address)), policies)])])).await;
    let all = futures_util::future::join_all((0..40).map(|_| gateway.get("limit.test", "/"))).await;
    assert_eq!(all.iter().filter(|got| got.status == 200).count(), 20);
}

#[tokio::test]
async fn cors_comes_before_the_key_and_marks_its_refusals() {
    let stub = Stub::saying("text/plain", "ok").await;
    let cors = Cors {
        allow_origins: vec!["https://app.test".into()],
        allow_methods: vec!["GET".into(), "POST".into()],
        allow_headers: vec!["content-type".into()],
        expose_headers: vec!["x-out".into()],
        allow_credentials: false,
        max_age: 100,
    };
    let both = Policies { cors: Some(cors), api_key: Some(key("sk-good")), ..Policies::default() };
    let gateway = Gateway::serving(table(vec![route("cors.test", vec![with(all(server(stub.address)), both)])])).await;
    for (method, origin, credential, status, allowed) in [
        ("OPTIONS", "https://app.test", "", 200, Some("https://app.test")),
        ("OPTIONS", "https://evil.test", "", 200, None),
        ("GET", "https://app.test", "", 401, Some("https://app.test")),
        ("GET", "https://app.test", "Bearer sk-good", 200, Some("https://app.test")),
        ("GET", "https://evil.test", "Bearer sk-good", 200, None),
    ] {
        let request = gateway.request(method, "cors.test", "/").header("origin", origin);
        let got = got(request.header("authorization", credential)).await;
        assert_eq!((got.status, got.header("access-control-allow-origin")), (status, allowed), "{method} {origin}");
        let preflight = method == "OPTIONS" && allowed.is_some();
        assert_eq!(got.header("access-control-max-age"), preflight.then_some("100"));
        assert_eq!(got.header("vary"), None);
    }
    assert_eq!(stub.count(), 2);
}

#[tokio::test]
async fn timeouts_say_who_was_late() {
    let slow = Stub::answering(|_| async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        answer(200, "text/plain", "late")
    })
    .await;
    let soon = Some(Duration::from_millis(100));
    let there = || all(server(slow.address));
    let policy =
        |whole, backend| Policies { request_timeout: whole, backend_request_timeout: backend, ..Policies::default() };
    let two_seconds = Some(Duration::from_secs(2));
    let gateway = Gateway::serving(table(vec![
        route("policy.test", vec![with(there(), policy(soon, None))]),
        route("backend.test", vec![with(there(), policy(None, soon))]),
        route("rule.test", vec![Rule { request_timeout: soon, ..there() }]),
        route("try.test", vec![Rule { request_timeout: two_seconds, backend_request_timeout: soon, ..there() }]),
    ]))
    .await;
    for (host, wanted) in [
        ("policy.test", "504 request timeout"),
        ("backend.test", "504 upstream call timeout"),
        ("rule.test", "504 request timeout"),
        ("try.test", "504 upstream call timeout"),
    ] {
        let begun = Instant::now();
        assert_eq!(gateway.get(host, "/").await.line(), wanted, "{host}");
        assert!(begun.elapsed() < Duration::from_secs(1), "{host}");
    }
}

#[tokio::test]
async fn a_route_replaces_a_listeners_policy_field_by_field() {
    let stub = Stub::saying("text/plain", "ok").await;
    let on_listener = Policies {
        api_key: Some(key("sk-listener")),
        backend_auth: Some(BackendAuth::Key("sk-upstream".into())),
        ..Policies::default()
    };
    let on_route = Policies { api_key: Some(key("sk-route")), ..Policies::default() };
    let routes = vec![
        route("own.test", vec![with(all(server(stub.address)), on_route)]),
        route("plain.test", vec![all(server(stub.address))]),
    ];
    let listeners = vec![listener(None, on_listener, routes)];
    let gateway = Gateway::serving(Table { listeners, ..Table::default() }).await;
    for (host, key, status) in [
        ("own.test", "sk-route", 200),
        ("own.test", "sk-listener", 401),
        ("plain.test", "sk-listener", 200),
        ("plain.test", "sk-route", 401),
    ] {
        let got = got(gateway.request("GET", host, "/").bearer_auth(key)).await;
        assert_eq!(got.status, status, "{host} {key}");
    }
    assert!(stub.received().iter().all(|received| received.header("authorization") == Some("Bearer sk-upstream")));
}
