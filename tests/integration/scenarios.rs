//! Scenarios: what files may say, how they are chosen, and how recorded data is judged.

mod hostile;
mod language;
mod running;
mod stand;

use agw_sandbox::exchange::{Exchange, Lane, Outcome, Received, Sent, mask_header};
use agw_sandbox::scenario::expect::{Answer, Evidence, judge};
use agw_sandbox::scenario::spec::{Place, Release, Scenario};
use agw_sandbox::scenario::{Catalogue, ScenarioError, TargetFacts, reason_to_skip};
use miette::{GraphicalReportHandler, GraphicalTheme};
use serde_json::json;

/// A scenario with these lines in place of its steps.
fn scenario(steps: &str) -> Result<Scenario, ScenarioError> {
    let head = "schema: agw-sandbox/v1\nkind: Scenario\nid: TST-01\ntitle: a test\nsource: [here]\n";
    let given = "given:\n  backends: {llm: {llm: openai, mock: {}}}\n  routes: [{path: /v1, to: llm}]\n";
    Scenario::parse("test/test.yaml", &format!("{head}{given}{steps}"))
}

fn transcript(error: &ScenarioError) -> String {
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(120);
    handler.render_report(&mut text, error).unwrap();
    text
}

/// What breaks in the first step, in words, with lines.
fn broken(steps: &str, evidence: &Evidence) -> Vec<String> {
    let scenario = scenario(steps).unwrap();
    let release = Release::parse("1.4.1");
    scenario.steps[0]
        .expectations(release)
        .filter_map(|expectation| {
            let words = judge(expectation, evidence)?;
            let line = scenario.text.spot(&expectation.place).line;
            Some(format!("{}: expected {}, got {}", scenario.text.line(line), words.expected, words.got))
        })
        .collect()
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Evidence {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let json = serde_json::from_str(body).ok();
    let answer =
        Answer { status: Some(status), headers, body: body.to_owned(), json, milliseconds: 12.0, ..Answer::default() };
    Evidence { answer: Some(answer), ..Evidence::default() }
}

fn recorded(path: &str, key: &str, body: &str, answered: &str) -> Exchange {
    let headers = vec![("authorization".to_owned(), mask_header("authorization", key))];
    Exchange {
        sequence: 1,
        lane: Lane::named("tst-01"),
        mock: "openai".to_owned(),
        at: jiff::Timestamp::UNIX_EPOCH,
        answered_at: None,
        ended_at: None,
        received: Received {
            method: "POST".to_owned(),
            target: path.to_owned(),
            headers,
            body: body.to_owned(),
            ..Received::default()
        },
        sent: Some(Sent { status: 200, body: answered.to_owned(), ..Sent::default() }),
        outcome: Outcome::Complete,
    }
}

#[test]
fn the_catalogue_has_the_rows_of_the_first_minute() {
    let catalogue = Catalogue::built_in().unwrap_or_else(|error| panic!("{}", transcript(&error)));
    let smoke = catalogue.select(&["smoke".to_owned()]).unwrap();
    let mut ids: Vec<&str> = smoke.iter().map(|scenario| scenario.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(
        ids.join(" "),
        "INS-02 INS-03 INS-05 INS-07 MCP-01 MCP-02 MCP-03 MCP-04 NEG-01 NEG-04 OAI-01 OAI-02 OAI-06 POL-01 POL-10 \
         POL-20 RTE-01 RTE-02 RTE-04 RTE-06 RTE-07"
    );
}

#[test]
fn scenarios_are_chosen_by_id_folder_tag_and_glob() {
    let catalogue = Catalogue::built_in().unwrap();
    let ids = |patterns: &[&str]| {
        let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        let chosen = catalogue.select(&patterns).unwrap();
        chosen.iter().map(|scenario| scenario.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["pol-10", "NEG-04"]), ["NEG-04", "POL-10"]);
    assert!(ids(&["mcp"]).len() >= 4 && ids(&["mcp"]).iter().all(|id| id.starts_with("MCP-")));
    assert!(ids(&["POL-?0"]).starts_with(&["POL-10".to_owned()]));
    assert!(ids(&["smoke"]).len() == 21 && ids(&[]).len() >= 21);
    let error = catalogue.select(&["pol-99".to_owned()]).unwrap_err();
    assert_eq!((error.code, error.to_string().as_str()), ("SCENARIO-08", "no scenario is `pol-99`"));
    assert!(error.help.unwrap().starts_with("did you mean `POL-"));
}

#[test]
fn mistakes_are_told_with_file_line_and_what_would_be_right() {
    let steps = |then: &str| format!("steps:\n  - when: {{chat: {{model: m, user: hi}}}}\n    then: {then}\n");
    let mut cases: Vec<(&str, String)> = vec![
        ("a key that nobody knows", steps("{statsu: 200}")),
        ("a matcher that nobody knows", steps("{body: {match: x}}")),
        ("a regular expression", steps("{body: {matches: \"(\"}}")),
        ("bounds", steps("{status: {between: [5, 1]}}")),
        ("a mock that the scenario has not", steps("{received: {opnai: 1}}")),
        ("conditions of an answer", steps("{conditions: {Accepted: True}}")),
        ("nothing expected", steps("{}")),
    ];
    cases.push((
        "two actions",
        "steps:\n  - when: {http: {path: /}, chat: {model: m}}\n    then: {status: 200}\n".into(),
    ));
    cases
        .push(("a word that is none", "steps:\n  - when: {mcp: {listTools: frist}}\n    then: {status: 200}\n".into()));
    cases.push((
        "the wrong type",
        "steps:\n  - when: {chat: {model: m, maxTokens: many}}\n    then: {status: 200}\n".into(),
    ));
    let step = |when: &str| format!("steps:\n  - when: {when}\n    then: {{status: 200}}\n");
    cases.push(("a matcher in a version", steps("{status: {\"1.0..1.5\": {match: x}}}")));
    cases.push(("a metric", steps("{metrics: {\"a{b\": 1}}")));
    cases.push(("an end of a body", steps("{end: complet}")));
    cases.push(("statuses", steps("{statuses: {\"2xx\": 1}}")));
    cases.push(("leaving", step("{chat: {model: m}, leave: {}}")));
    cases.push(("a burst of changes", "steps:\n  - when: {wait: 1s, times: 2}\n".into()));
    cases.push(("a defect without a range", steps("{status: 200, defect: {releases: \"1.4\", about: x}}")));
    cases.push(("a defect without a source", steps("{status: 200, defect: {releases: \"1.4..\", about: x}}")));
    cases.push((
        "a change that is read",
        "steps:\n  - when: {remove: [{kind: Secret, name: x}]}\n    then: {status: 200}\n".into(),
    ));
    cases.push(("no YAML", "steps: [\n".into()));
    cases.push(("a key twice", format!("{}title: again\n", steps("{status: 200}"))));
    let told = cases.iter().map(|(name, text)| format!("# {name}\n{}", transcript(&scenario(text).unwrap_err())));
    insta::assert_snapshot!("mistakes", told.collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_mistake_in_the_short_form_has_a_caret_too() {
    let text = "schema: agw-sandbox/v1\nkind: Scenario\nid: TST-01\ntitle: a test\nsource: [here]\ngiven:\n  \
                backends: {llm: {llm: openai, mock: {}}}\n  routes:\n    - {path: /v1, to: lmm}\nsteps:\n  \
                - when: {chat: {model: m}}\n    then: {status: 200}\n";
    let error = Scenario::parse("test/test.yaml", text).unwrap_err();
    assert_eq!(
        (error.code, error.spot.line, error.to_string().as_str()),
        ("SCENARIO-05", 9, "there is no backend `lmm`")
    );
    assert_eq!(error.help.as_deref(), Some("did you mean `llm`?"));
    assert_eq!(&text[error.spot.offset..][..error.spot.length], "lmm");
}

#[test]
fn an_answer_is_judged_line_by_line() {
    let steps = r#"
steps:
  - when: {chat: {model: m, user: hello}}
    then:
      status: 429
      body: rate limit exceeded
      headers:
        retry-after: absent
        x-left: {between: [1, 5]}
        "1.0..1.5": {x-limit: absent}
        "1.5..": {x-limit: "2"}
      took: {between: [10, 20]}
"#;
    let good = answer(429, &[("x-left", "3")], "rate limit exceeded");
    assert_eq!(broken(steps, &good), Vec::<String>::new());
    let bad = answer(200, &[("retry-after", "7"), ("x-left", "many"), ("x-limit", "2")], "");
    assert_eq!(
        broken(steps, &bad),
        [
            "status: 429: expected 429, got 200",
            "body: rate limit exceeded: expected rate limit exceeded, got empty text",
            "retry-after: absent: expected retry-after: nothing, got retry-after: 7",
            "x-left: {between: [1, 5]}: expected x-left: a number from 1 to 5, got x-left: many",
            "\"1.0..1.5\": {x-limit: absent}: expected x-limit: nothing, got x-limit: 2",
        ]
    );
}

#[test]
fn json_and_streams_are_looked_into() {
    let steps = r#"
steps:
  - when: {chat: {model: m, user: hello}}
    then:
      json: {"choices[0].text": {matches: "^he"}, "choices[1]": absent, usage: {json: {total: 3}}}
      sse: [{json: {n: 1}}, "...", "[DONE]"]
"#;
    let stream = "data: {\"n\": 1}\n\ndata: {\"n\": 2}\n\ndata: [DONE]\n\n";
    let mut evidence = answer(200, &[], stream);
    evidence.answer.as_mut().unwrap().json = Some(json!({"choices": [{"text": "hello"}], "usage": {"total": 3.0}}));
    assert_eq!(broken(steps, &evidence), Vec::<String>::new());
    evidence.answer.as_mut().unwrap().body = stream.replace("data: [DONE]\n\n", "");
    assert_eq!(
        broken(steps, &evidence),
        [
            "sse: [{json: {n: 1}}, \"...\", \"[DONE]\"]: expected the events JSON, …, [DONE], got 2 events, the last of them \
          {\"n\": 2}"
        ]
    );
}

#[test]
fn what_mocks_received_is_judged_and_secrets_are_compared_as_tokens() {
    let steps = r#"
steps:
  - when: {chat: {model: m, user: hello}}
    then:
      body: {sentBy: openai}
      received:
        openai:
          count: 1
          last: {path: /v1/chat/completions, headers: {authorization: Bearer sk-backend}, json: {model: m}}
"#;
    let mut evidence = answer(200, &[], r#"{"b": 2, "a": 1}"#);
    let exchange = recorded("/v1/chat/completions", "Bearer sk-backend", r#"{"model": "m"}"#, r#"{"a": 1, "b": 2}"#);
    evidence.received.insert("openai".to_owned(), vec![exchange.clone()]);
    assert_eq!(broken(steps, &evidence), Vec::<String>::new());

    let leaked = recorded("/v1/chat/completions", "Bearer sk-client", r#"{"model": "m"}"#, r#"{"a": 1}"#);
    evidence.received.insert("openai".to_owned(), vec![exchange, leaked]);
    let broken = broken(steps, &evidence).join("\n");
    assert!(
        broken.contains("expected requests that openai received: 1, got requests that openai received: 2"),
        "{broken}"
    );
    assert!(broken.contains("what the mock openai sent") && broken.contains("authorization: Bearer ‹"), "{broken}");
    assert!(!broken.contains("sk-client"), "{broken}");
}

#[test]
fn conditions_of_an_older_generation_say_nothing() {
    let steps = r#"
steps:
  - when: {read: {kind: HTTPRoute, name: v1}}
    then: {conditions: {Accepted: True, ResolvedRefs: {status: "False", reason: BackendNotFound}}}
"#;
    let route = |observed: u32| {
        json!({"metadata": {"generation": 2}, "status": {"parents": [{"conditions": [
            {"type": "Accepted", "status": "True", "observedGeneration": observed},
            {"type": "ResolvedRefs", "status": "False", "reason": "BackendNotFound", "observedGeneration": 2},
        ]}]}})
    };
    let evidence = |observed| Evidence { object: Some(route(observed)), ..Evidence::default() };
    assert_eq!(broken(steps, &evidence(2)), Vec::<String>::new());
    assert_eq!(broken(steps, &evidence(1)).len(), 1);
    assert_eq!(broken(steps, &Evidence::default()).len(), 3);
}

#[test]
fn a_skip_has_its_reason() {
    let mut facts = TargetFacts {
        line: "agentgateway-1.4".to_owned(),
        release: "1.4.1".to_owned(),
        provider: "embedded".to_owned(),
        implementation: "reference".to_owned(),
    };
    let with = |requires: &str| {
        scenario(&format!(
            "requires: {requires}\nsteps:\n  - when: {{chat: {{model: m}}}}\n    then: {{status: 200}}\n"
        ))
        .unwrap()
    };
    assert_eq!(reason_to_skip(&with("{release: 1.0..1.5}"), &facts), None);
    assert_eq!(reason_to_skip(&with("{cluster: real}"), &facts).as_deref(), Some("needs a real cluster"));
    facts.release = "1.5.0".to_owned();
    let reason = reason_to_skip(&with("{release: 1.0..1.5}"), &facts);
    assert_eq!(reason.as_deref(), Some("needs a release in 1.0..1.5, this is 1.5.0"));
}

#[test]
fn a_place_reads_like_a_path() {
    let place = Place::top().path("steps[1].then").key("headers").key("retry-after");
    assert_eq!(place.to_string(), "steps[1].then.headers.retry-after");
}
