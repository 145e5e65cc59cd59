//! Every release line takes what is rendered for it: its own definitions judge, in a real API server.

mod corpus;
pub mod stand;

use crate::support::is_real;
use agw_sandbox::canonical::{Mistake, render};
use agw_sandbox::release::lines;
use stand::Judge;
use std::collections::BTreeMap;

/// What a line cannot say, by the sources that ask for it.
fn refusals(line: &str) -> BTreeMap<&'static str, &'static str> {
    match line {
        "kgateway-2.1" => BTreeMap::from([
            ("gateway with logging", "`logging.format`"),
            ("everything", "a Gemini backend without `model`"),
        ]),
        _ => BTreeMap::new(),
    }
}

#[test]
fn a_line_says_all_it_can_and_refuses_the_rest_by_name() {
    for line in lines() {
        // Those of the scenarios are in the list of `rendering`.
        let refused: BTreeMap<_, _> = corpus::renderings(&line.name)
            .iter()
            .filter(|(source, _)| !source.starts_with(|first: char| first.is_ascii_uppercase()))
            .filter_map(|(source, rendering)| match &rendering.as_ref().err()?.mistake {
                Mistake::Unsaid { what, .. } => Some((source.clone(), (*what).to_owned())),
                other => panic!("{} {source}: {other}", line.name),
            })
            .collect();
        let wanted = refusals(&line.name).into_iter().map(|(source, what)| (source.to_owned(), what.to_owned()));
        assert_eq!(refused, wanted.collect(), "{}", line.name);
    }
}

#[test]
fn what_a_line_cannot_say_is_told_with_the_first_line_that_can() {
    let cases = [
        ("agentgateway-1.0", "backends: {x: {llm: openai, mock: {}, pathPrefix: /v2}}"),
        ("kgateway-2.1", "backends: {x: {llm: gemini, mock: {}}}"),
        ("kgateway-2.1", "backends: {x: {http: 'a:1', key: {fake: k}}}"),
        ("kgateway-2.1", "policies: [{on: {gateway: {}}, timeout: 1s}, {on: {gateway: {}}, apiKey: {a: {fake: k}}}]"),
        ("kgateway-2.1", "policies: [{on: {gateway: {}}, backendTimeout: 1s}]"),
    ];
    let told = cases.map(|(line, wiring)| {
        let wiring = serde_yaml::from_str(wiring).unwrap();
        let error = render(&wiring, &crate::canonical::context_of(line)).unwrap_err();
        format!("{} {error} ({})", error.mistake.code(), error.mistake.help().unwrap())
    });
    insta::assert_snapshot!(told.join("\n"));
}

#[test]
fn a_line_writes_what_its_relatives_write_but_for_what_they_differ_in() {
    let of = |line: &str| corpus::rendered(line, "quickstart").unwrap();
    assert_eq!(of("agentgateway-1.1"), of("agentgateway-1.5"));
    assert_eq!(of("agentgateway-2.2"), of("agentgateway-1.0"));
    let documents = |line: &str| -> String {
        let objects = of(line);
        let backends = objects.iter().filter(|object| object["kind"].as_str().unwrap().ends_with("Backend"));
        backends.map(|object| serde_yaml::to_string(object).unwrap()).collect::<Vec<_>>().join("---\n")
    };
    insta::assert_snapshot!("backends-of-agentgateway-1.0", documents("agentgateway-1.0"));
    insta::assert_snapshot!("kgateway-2.1", stand::as_yaml(&of("kgateway-2.1")));
}

/// Every line with `AGW_REAL=1`; otherwise the two whose resources differ most from the newest.
#[tokio::test(flavor = "multi_thread")]
async fn the_definitions_of_every_line_take_what_is_rendered_for_it() {
    let mut judge = None;
    for line in lines().iter().take(if is_real() { usize::MAX } else { 2 }) {
        let Some(definitions) = stand::definitions_of(line) else { continue };
        // Lines define the same names differently: each gets a cluster of its own.
        drop(judge.take());
        let Some(real) = Judge::start(&definitions).await else { return };
        for (source, rendering) in corpus::renderings(&line.name) {
            let Ok(objects) = rendering else { continue };
            for object in objects {
                let (status, answer) = real.judge(&object).await;
                assert_eq!(status, 201, "{} {source}: {}\n{object:#}", line.name, answer["message"]);
            }
        }
        judge = Some(real);
    }
}
