//! Runs of scenarios from beginning to end.

use super::stand::{Stand, reports};
use agw_sandbox::event::Verdict;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(10);

pub fn scenario(id: &str, mock: &str, steps: &str) -> String {
    format!(
        "schema: agw-sandbox/v1\nkind: Scenario\nid: {id}\ntitle: a test\nsource: [here]\ngiven:\n  backends: \
         {{llm: {{llm: openai, mock: {mock}, key: {{fake: sk-backend}}}}}}\n  routes: [{{path: /v1, to: llm}}]\nsteps:\n{steps}"
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_passes_passes_what_fails_shows_why_and_nothing_is_left() {
    let stand = Stand::start().await;
    let good = scenario(
        "TST-01",
        "{answer: hi, faults: [{times: 1, status: 429}]}",
        "  - when: {chat: {model: m, user: hello, key: sk-client}}\n    then: {status: 429, body: {sentBy: openai}}\n  \
         - when: {chat: {model: m, user: hello}}\n    then:\n      status: 200\n      json: {\"choices[0].message.content\": hi}\n      \
         received: {openai: {count: 2, each: {headers: {authorization: Bearer sk-backend}}}}\n",
    );
    let bad = scenario(
        "TST-02",
        "{}",
        "  - when: {chat: {model: m, user: hello, key: sk-client}}\n    then:\n      status: 201\n      received: {openai: 0}\n",
    );
    let skipped = scenario("TST-03", "{}", "  - when: {chat: {model: m}}\n    then: {status: 200}\n")
        .replace("given:", "requires: {cluster: real}\ngiven:");
    let (tally, events) = stand.run(&[&good, &bad, &skipped], DEADLINE, CancellationToken::new()).await;
    let reports = reports(&events);
    assert_eq!((tally.passed, tally.failed, tally.skipped), (1, 1, 1), "{reports:#?}");
    assert_eq!(reports["TST-03"].reason.as_deref(), Some("needs a real cluster"));

    let failure = reports["TST-02"].failure.as_ref().unwrap();
    let broken: Vec<_> =
        failure.broken.iter().map(|broken| (broken.line, broken.text.as_str(), broken.got.as_str())).collect();
    assert_eq!(broken, [(12, "status: 201", "200"), (13, "received: {openai: 0}", "requests that openai received: 1")]);
    assert_eq!((failure.client.len(), failure.received.len()), (1, 1));
    assert_eq!(failure.client[0].request_line, "POST /v1/chat/completions");
    assert!(failure.objects.iter().any(|object| object.object == "HTTPRoute tst-02/v1"), "{:?}", failure.objects);
    assert!(!serde_json::to_string(failure).unwrap().contains("sk-client"));

    assert_eq!(stand.objects(), Vec::<String>::new());
    assert_eq!((stand.remembered("tst-01").await, stand.remembered("tst-02").await), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_never_has_the_route_fails_within_the_deadline_and_says_what_was_waited_for() {
    let stand = Stand::start().await;
    let lost = scenario("TST-01", "{}", "  - when: {chat: {model: m}}\n    then: {status: 200}\n")
        .replace("path: /v1", "path: /lost");
    let (tally, events) = stand.run(&[&lost], Duration::from_millis(200), CancellationToken::new()).await;
    assert_eq!(tally.failed, 1);
    let failure = reports(&events)["TST-01"].failure.clone().unwrap();
    assert_eq!(
        failure.broken[0].got,
        "a wait for the gateway to know the route /lost of tst-01.test; it answers: route not found"
    );
    assert_eq!(stand.objects(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_run_ends_soon_and_cleans_up() {
    let stand = Stand::start().await;
    let slow =
        scenario("TST-01", "{faults: [{delayMs: 5000}]}", "  - when: {chat: {model: m}}\n    then: {status: 200}\n");
    let cancel = CancellationToken::new();
    let soon = cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        soon.cancel();
    });
    let began = Instant::now();
    let (tally, events) = stand.run(&[&slow], DEADLINE, cancel).await;
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert_eq!(tally.skipped, 1);
    let report = &reports(&events)["TST-01"];
    assert_eq!((report.verdict, report.reason.as_deref()), (Verdict::Skip, Some("the run was cancelled")));
    assert_eq!(stand.objects(), Vec::<String>::new());
}
