//! Which backend gets a request, and in what form.

use super::{fixture::*, tables::*};
use agw_sandbox::gateway::table::*;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test]
async fn refusals_are_said_in_the_measured_words() {
    let dead = dead_port().await;
    let open = Rule { backends: vec![], ..all(Backend::Faulty(BackendFault::ServiceNotFound)) };
    let routes = vec![
        route("missing.test", vec![all(Backend::Faulty(BackendFault::ServiceNotFound))]),
        route("kind.test", vec![all(Backend::Faulty(BackendFault::DoesNotExist))]),
        route("none.test", vec![open]),
        route("refused.test", vec![all(named_server("127.0.0.1", dead))]),
        route("unknown.test", vec![all(named_server("nobody.invalid", 80))]),
        route("scheme.test", vec![all(named_server("http://x", 80))]),
        route("empty.test", vec![all(service("empty.demo.svc.cluster.local"))]),
        route("port.test", vec![all(service("gone.demo.svc.cluster.local"))]),
        route("nopod.test", vec![all(named_server("empty.demo.svc.cluster.local", 80))]),
        route("nosvc.test", vec![all(named_server("gone.demo.svc.cluster.local", 80))]),
        route("exact.test", vec![rule(exact("/b"), Backend::Faulty(BackendFault::ServiceNotFound))]),
        route("mcp.test", vec![all(mcp(&[], false))]),
    ];
    let mut served = table(routes);
    served.listeners = vec![listener(
        Some("*.test"),
        Policies::default(),
        served.listeners[0].routes.iter().map(|route| (**route).clone()).collect(),
    )];
    served.services.extend([endpoints("empty.demo.svc.cluster.local", &[])]);
    let gateway = Gateway::serving(served).await;
    for (host, path, wanted) in [
        ("missing.test", "/", "500 service not found"),
        ("kind.test", "/", "500 backend does not exist"),
        ("none.test", "/", "500 no valid backends"),
        ("refused.test", "/", "503 upstream call failed: Connect: Connection refused (os error 111)"),
        ("unknown.test", "/", "503 backends required DNS resolution which failed"),
        ("scheme.test", "/", "503 backends required DNS resolution which failed"),
        ("empty.test", "/", "503 no healthy backends"),
        ("port.test", "/", "503 no healthy backends"),
        ("nopod.test", "/", "503 upstream call failed: Connect: Connection refused (os error 111)"),
        ("nosvc.test", "/", "503 backends required DNS resolution which failed"),
        ("exact.test", "/bx", "404 route not found"),
        ("other.test", "/", "404 route not found"),
        ("elsewhere.example", "/", "404 listener not found"),
        ("mcp.test", "/mcp", "503 mcp: no backends configured"),
    ] {
        let got = gateway.get(host, path).await;
        assert_eq!(got.line(), wanted, "{host}");
        assert_eq!(got.header("content-type"), Some("text/plain"), "{host}");
        assert_eq!(got.header("content-length"), Some(got.body.len().to_string().as_str()), "{host}");
        assert!(got.header("date").is_some() && got.header("server").is_none(), "{host}");
    }
    let grpc = got(gateway.request("POST", "other.test", "/").header("content-type", "application/grpc")).await;
    assert_eq!((grpc.status, grpc.header("grpc-status")), (200, Some("12")));
    assert_eq!(grpc.header("grpc-message"), Some("route not found"));
}

#[tokio::test]
async fn a_request_without_a_host_is_refused() {
    let gateway = Gateway::serving(table(vec![])).await;
    let mut stream = tokio::net::TcpStream::connect(gateway.address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).await.unwrap();
    assert!(
        text.starts_with("HTTP/1.1 503 ") && text.ends_with("\r\n\r\nprocessing failed: no authority or host"),
        "{text}"
    );
}

#[tokio::test]
async fn matches_pick_the_backend() {
    let (one, two) = (Stub::saying("text/plain", "one").await, Stub::saying("text/plain", "two").await);
    let header = |value: &str| vec![HeaderMatch::Exact("x-llm".into(), value.into())];
    let by_header = |value: &str, stub: &Stub| {
        let mut rule = all(server(stub.address));
        rule.matches[0].headers = header(value);
        rule
    };
    let mut by_method = all(server(two.address));
    by_method.matches[0].method = Some("DELETE".into());
    let mut by_query = all(server(two.address));
    by_query.matches[0].query = vec![("v".into(), "2".into())];
    let gateway = Gateway::serving(table(vec![
        route("paths.test", vec![rule(prefix("/a"), server(one.address)), rule(exact("/a/b"), server(two.address))]),
        route("headers.test", vec![by_header("openai", &one), by_header("ollama", &two)]),
        route("more.test", vec![all(server(one.address)), by_method, by_query]),
        route("*.wild.test", vec![all(server(one.address))]),
        route("a.wild.test", vec![all(server(two.address))]),
    ]))
    .await;
    for (method, host, path, value, wanted) in [
        ("GET", "paths.test", "/a", "", "200 one"),
        ("GET", "paths.test", "/a/b", "", "200 two"),
        ("GET", "paths.test", "/a/b/c", "", "200 one"),
        ("GET", "paths.test", "/ab", "", "404 route not found"),
        ("GET", "headers.test", "/", "openai", "200 one"),
        ("GET", "headers.test", "/", "ollama", "200 two"),
        ("GET", "headers.test", "/", "OpenAI", "404 route not found"),
        ("GET", "more.test", "/", "", "200 one"),
        ("DELETE", "more.test", "/", "", "200 two"),
        ("GET", "more.test", "/?v=2", "", "200 two"),
        ("GET", "b.wild.test:8080", "/", "", "200 one"),
        ("GET", "A.Wild.test", "/", "", "200 two"),
    ] {
        let got = got(gateway.request(method, host, path).header("X-LLM", value)).await;
        assert_eq!(got.line(), wanted, "{method} {host}{path} {value}");
    }
}

#[tokio::test]
async fn filters_change_requests_and_answers() {
    let stub = Stub::saying("text/plain", "ok").await;
    let there = || server(stub.address);
    let change = |set: &[(&str, &str)], add: &[(&str, &str)], remove: &[&str]| {
        let pairs =
            |pairs: &[(&str, &str)]| pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        HeaderChange { set: pairs(set), add: pairs(add), remove: remove.iter().map(|name| (*name).into()).collect() }
    };
    let to_prefix =
        Filter::Rewrite { hostname: Some("other.test".into()), path: Some(PathRewrite::Prefix("/new".into())) };
    let to_full = Filter::Rewrite { hostname: None, path: Some(PathRewrite::Full("/all/new".into())) };
    let away = Filter::Redirect {
        scheme: Some("https".into()),
        hostname: Some("x.example".into()),
        path: Some(PathRewrite::Prefix("/gone".into())),
        port: None,
        status: 301,
    };
    let gateway = Gateway::serving(table(vec![route(
        "filters.test",
        vec![
            filtered(rule(prefix("/old"), there()), vec![to_prefix]),
            filtered(rule(exact("/full"), there()), vec![to_full]),
            filtered(rule(prefix("/go"), there()), vec![away]),
            filtered(
                rule(prefix("/hdr"), there()),
                vec![
                    Filter::RequestHeaders(change(&[("x-env", "demo")], &[], &["x-debug"])),
                    Filter::ResponseHeaders(change(&[], &[("x-resp", "added")], &[])),
                ],
            ),
            rule(prefix("/"), there()),
        ],
    )]))
    .await;

    for (path, target, host) in [
        ("/old/a?b=1", "/new/a?b=1", "other.test"),
        ("/full?q=1", "/all/new?q=1", "filters.test"),
        ("/kept/as//it%20is?x", "/kept/as//it%20is?x", "filters.test"),
    ] {
        assert_eq!(gateway.get("filters.test", path).await.status, 200);
        let received = stub.last();
        assert_eq!((received.target.as_str(), received.header("host").unwrap()), (target, host));
    }
    let before = stub.count();
    let redirect = gateway.get("filters.test", "/go/a?b=1").await;
    assert_eq!((redirect.status, redirect.header("location")), (301, Some("https://x.example/gone/a?b=1")));
    assert_eq!(stub.count(), before);
    let changed = got(gateway.request("GET", "filters.test", "/hdr").header("x-debug", "1")).await;
    assert_eq!(changed.header("x-resp"), Some("added"));
    assert_eq!((stub.last().header("x-env"), stub.last().header("x-debug")), (Some("demo"), None));
}

#[tokio::test]
async fn the_host_upstream_depends_on_the_backend() {
    let stub = Stub::saying("text/plain", "ok").await;
    let port = stub.address.port();
    let mut served = table(vec![
        route("ip.test", vec![all(named_server("127.0.0.1", port))]),
        route("name.test", vec![all(named_server("host.internal", port))]),
        route("service.test", vec![all(service("up.demo.svc.cluster.local"))]),
        route("short.test", vec![all(named_server("up.demo", 80))]),
        route("alias.test", vec![all(named_server("far.demo.svc.cluster.local", port))]),
    ]);
    served.services.extend([endpoints("up.demo.svc.cluster.local", &[stub.address])]);
    served.aliases.insert("far.demo.svc.cluster.local".into(), "host.internal".into());
    let gateway = Gateway::serving(served).await;
    for (asked, seen) in [
        ("ip.test:3000", "ip.test:3000"),
        ("name.test:3000", "host.internal"),
        ("service.test:3000", "service.test:3000"),
        ("short.test", "up.demo"),
        ("alias.test", "far.demo.svc.cluster.local"),
    ] {
        let got = gateway.get(asked, "/").await;
        assert_eq!((got.line().as_str(), stub.last().header("host")), ("200 ok", Some(seen)), "{asked}");
    }
}

#[tokio::test]
async fn shares_follow_the_weights() {
    let (one, two, never) = (
        Stub::saying("text/plain", "").await,
        Stub::saying("text/plain", "").await,
        Stub::saying("text/plain", "").await,
    );
    let shares = [(80, &one), (20, &two), (0, &never)];
    let backends = shares.map(|(weight, stub)| WeightedBackend { weight, backend: Arc::new(server(stub.address)) });
    let weighted = Rule { backends: backends.into(), ..all(server(one.address)) };
    let gateway = Gateway::serving(table(vec![route("w.test", vec![weighted])])).await;
    for _ in 0..50 {
        assert_eq!(gateway.get("w.test", "/").await.status, 200);
    }
    assert!((38..=42).contains(&one.count()), "{}", one.count());
    assert_eq!((one.count() + two.count(), never.count()), (50, 0));
}

#[tokio::test]
async fn http_1_and_http_2_share_a_port() {
    let stub = Stub::saying("text/plain", "ok").await;
    let gateway = Gateway::serving(table(vec![route("127.0.0.1", vec![all(server(stub.address))])])).await;
    let url = format!("http://{}/", gateway.address);
    let second = reqwest::Client::builder().tls_certs_only([]).no_proxy().http2_prior_knowledge().build().unwrap();
    for (client, version) in [(&gateway.client, http::Version::HTTP_11), (&second, http::Version::HTTP_2)] {
        let response = client.get(&url).send().await.unwrap();
        assert_eq!((response.version(), response.status().as_u16()), (version, 200));
        assert_eq!(stub.last().header("host"), Some(gateway.address.to_string().as_str()));
    }
}

#[tokio::test]
async fn large_bodies_stream_through_plain_backends() {
    let stub = Stub::answering(|received| async move { answer(200, "text/plain", received.body) }).await;
    let gateway = Gateway::serving(table(vec![route("big.test", vec![all(server(stub.address))])])).await;
    let body = "x".repeat(3 * 1024 * 1024);
    let got = gateway.post("big.test", "/", body.clone()).await;
    assert!(got.status == 200 && got.body == body);
}

#[tokio::test]
async fn a_client_that_leaves_before_the_answer_ends_the_call() {
    struct Leaving(Arc<tokio::sync::Notify>);
    impl Drop for Leaving {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let left = Arc::new(tokio::sync::Notify::new());
    let noticed = Arc::clone(&left);
    let stub = Stub::answering(move |_| {
        let leaving = Leaving(Arc::clone(&noticed));
        async move {
            std::future::pending::<()>().await;
            drop(leaving);
            answer(200, "text/plain", "")
        }
    })
    .await;
    let gateway = Gateway::serving(table(vec![route("stuck.test", vec![all(server(stub.address))])])).await;
    let request = tokio::spawn(gateway.request("GET", "stuck.test", "/").send());
    while stub.count() == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    request.abort();
    tokio::time::timeout(std::time::Duration::from_secs(3), left.notified()).await.expect("the upstream notices");
}

#[tokio::test]
async fn an_upstream_that_hangs_up_or_speaks_no_tls_is_named_as_the_cause() {
    let listener = tokio::net::TcpListener::bind((LOOPBACK, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let hanging_up = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1024]).await;
        }
    });
    let tls = StaticBackend { authority: authority("host.internal", address.port()), auth: None, tls: true };
    let gateway = Gateway::serving(table(vec![
        route("gone.test", vec![all(server(address))]),
        route("tls.test", vec![all(Backend::Static(tls))]),
    ]))
    .await;
    let got = gateway.get("gone.test", "/").await;
    assert_eq!(got.line(), "503 upstream call failed: SendRequest: connection closed before message completed");
    let got = gateway.get("tls.test", "/").await;
    assert!(got.line().starts_with("503 upstream call failed: Connect: "), "{}", got.line());
    hanging_up.abort();
}
