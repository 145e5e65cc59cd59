//! Answers of a gateway that hangs, floods, or never ends: they cost bounded time and memory, fail their scenario, and
//! harm no other.

use super::running::scenario;
use super::stand::{Stand, reports};
use axum::body::{Body, Bytes};
use axum::response::Response;
use futures_util::{StreamExt, stream};
use std::convert::Infallible;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// The bad answer of a path.
pub fn answer(path: &str) -> Option<Response> {
    let event = || Ok::<_, Infallible>(Bytes::from_static(b"data: {\"n\":1}\n\n"));
    let body = match path {
        "/v1/flood" => Body::from_stream(stream::repeat_with(|| Ok::<_, Infallible>(Bytes::from(vec![b'x'; 65536])))),
        "/v1/endless" => Body::from_stream(stream::iter([event()]).chain(stream::pending())),
        "/v1/slow" => Body::from_stream(stream::unfold(0, move |number| async move {
            tokio::time::sleep(Duration::from_millis(30)).await;
            (number < 5).then(|| (event(), number + 1))
        })),
        "/v1/cut" => Body::from_stream(stream::iter([event().map_err(|_| "?")]).chain(stream::once(async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Err("the connection is gone")
        }))),
        _ => return None,
    };
    let kind = if path == "/v1/flood" { "text/plain" } else { "text/event-stream" };
    Some(Response::builder().header("content-type", kind).body(body).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn floods_and_streams_without_end_fail_their_scenario_only() {
    let stand = Stand::start().await;
    let asks = |path: &str| format!("  - when: {{http: {{path: {path}}}}}\n    then: {{status: 200, end: complete}}\n");
    let flood = scenario("TST-01", "{}", &asks("/v1/flood"));
    let endless = scenario("TST-02", "{}", &asks("/v1/endless"));
    let cut = scenario("TST-03", "{}", &asks("/v1/cut").replace("complete", "cut"));
    let good = scenario("TST-04", "{}", "  - when: {chat: {model: m, user: hi}}\n    then: {status: 200}\n");
    let began = Instant::now();
    let texts = [flood.as_str(), &endless, &cut, &good];
    let (tally, events) = stand.run(&texts, Duration::from_secs(2), CancellationToken::new()).await;
    let reports = reports(&events);
    assert_eq!((tally.passed, tally.failed), (2, 2), "{reports:#?}");
    let got = |id: &str| reports[id].failure.as_ref().unwrap().broken[0].got.clone();
    assert_eq!(got("TST-01"), "end of the body: longer than the client reads");
    assert_eq!(got("TST-02"), "end of the body: still going on when the client's time was over");
    assert!(reports["TST-01"].failure.as_ref().unwrap().client[0].body.len() < 80_000);
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_has_times_and_the_client_may_leave_it() {
    let stand = Stand::start().await;
    let timed = scenario(
        "TST-01",
        "{}",
        "  - when: {http: {path: /v1/slow}}\n    then: {firstEvent: {between: [20, 500]}, gaps: {between: [20, 500]}, end: \
         complete}\n  - when: {http: {path: /v1/endless}, leave: {afterEvents: 1}}\n    then: {status: 200, took: \
         {between: [0, 500]}, end: the client left}\n  - when: {http: {path: /v1/endless}, leave: {after: 50ms}}\n    \
         then: {status: 200, took: {between: [40, 500]}}\n",
    )
    .replace("end: the client left", "end: {matches: left}");
    let late = scenario(
        "TST-02",
        "{}",
        "  - when: {http: {path: /v1/slow}}\n    then: {firstEvent: {between: [0, 5]}, gaps: {between: [0, 5]}}\n",
    );
    let (tally, events) = stand.run(&[&timed, &late], Duration::from_secs(10), CancellationToken::new()).await;
    let reports = reports(&events);
    assert_eq!((tally.passed, tally.failed), (1, 1), "{reports:#?}");
    assert_eq!(reports["TST-02"].failure.as_ref().unwrap().broken.len(), 2);
}
