//! What steps can do, from beginning to end.

use super::running::scenario;
use super::stand::{Stand, reports};
use agw_sandbox::event::Verdict;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

const DEADLINE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_counted_by_status_and_mocks_change_their_mind() {
    let stand = Stand::start().await;
    let burst = scenario(
        "TST-01",
        "{faults: [{times: 3, status: 429}]}",
        "  - when: {chat: {model: m, user: hi}, times: 10, parallel: 5}\n    then: {statuses: {\"200\": 7, \"429\": 3}, \
         received: {openai: 10}}\n  - when: {mock: {openai: {answer: other}}}\n  - when: {wait: 10ms}\n    then: \
         {received: {openai: 10}}\n  - when: {chat: {model: m, user: hi}}\n    then: {json: \
         {\"choices[0].message.content\": other}}\n",
    );
    let miscounted = scenario(
        "TST-02",
        "{}",
        "  - when: {chat: {model: m, user: hi}, times: 4, parallel: 4}\n    then: {statuses: {\"429\": 4}}\n",
    );
    let (tally, events) = stand.run(&[&burst, &miscounted], DEADLINE, CancellationToken::new()).await;
    let reports = reports(&events);
    assert_eq!((tally.passed, tally.failed), (1, 1), "{reports:#?}");
    let broken = &reports["TST-02"].failure.as_ref().unwrap().broken;
    let got: Vec<&str> = broken.iter().map(|broken| broken.got.as_str()).collect();
    assert_eq!(got, ["answers with 429: 0", "answers with another status: 4"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_is_repeated_only_where_the_scenario_says_so() {
    let stand = Stand::start().await;
    let step = |more: &str| format!("  - when: {{chat: {{model: m, user: hi}}}}\n{more}    then: {{status: 200}}\n");
    let faults = "{faults: [{times: 3, status: 429}]}";
    let once = scenario("TST-01", faults, &step(""));
    let repeated = scenario("TST-02", faults, &step("    eventually: {within: 5s, successes: 3}\n"));
    let never =
        scenario("TST-03", "{faults: [{status: 429}]}", &step("    eventually: {within: 200ms, successes: 3}\n"));
    let (tally, events) = stand.run(&[&once, &repeated, &never], DEADLINE, CancellationToken::new()).await;
    let reports = reports(&events);
    assert_eq!((tally.passed, tally.failed), (1, 2), "{reports:#?}");
    assert_eq!(reports["TST-03"].failure.as_ref().unwrap().client.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_known_defect_is_counted_apart_and_one_that_is_gone_says_what_to_delete() {
    let stand = Stand::start().await;
    let defect = |releases: &str, wrong: u16| {
        format!(
            "  - when: {{chat: {{model: m, user: hi}}}}\n    then:\n      status: 200\n      received: {{openai: 1}}\n      \
             defect:\n        releases: \"{releases}\"\n        about: it answers 418\n        source: facts/conformance\n        \
             instead: {{status: {wrong}}}\n"
        )
    };
    let teapot = "{faults: [{status: 418}]}";
    let texts = [
        scenario("TST-01", teapot, &defect("1.0..1.5", 418)),
        scenario("TST-02", "{}", &defect("1.0..1.5", 418)),
        scenario("TST-03", "{faults: [{status: 500}]}", &defect("1.0..1.5", 418)),
        scenario("TST-04", "{}", &defect("..1.4", 418)),
    ];
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let (tally, events) = stand.run(&texts, DEADLINE, CancellationToken::new()).await;
    let reports = reports(&events);
    assert_eq!((tally.expected, tally.stale, tally.failed, tally.passed), (1, 1, 1, 1), "{reports:#?}");
    assert_eq!((reports["TST-01"].verdict, reports["TST-02"].verdict), (Verdict::ExpectedDefect, Verdict::Stale));
    assert_eq!(reports["TST-01"].reason.as_deref(), Some("it answers 418"));
    let stale = &reports["TST-02"].failure.as_ref().unwrap().broken[0];
    assert_eq!(stale.got, "what is right: delete lines 14 to 18 of test/1.yaml, or narrow `releases`");
    assert!(!tally.is_green());
}
