//! From the first `up` to the last `down`.

use crate::support::Sandbox;
use serde_json::{Value, json};

#[test]
fn the_first_minute() {
    let sandbox = Sandbox::new();
    let up = sandbox.run("up --provider embedded").succeeds();
    up.says("reference gateway, built in (not agentgateway)").says("21 passed · 0 failed");
    let url = sandbox.url();
    let answer = chat(&url, "/v1/chat/completions", false);
    assert_eq!(answer.0, 200, "{}", answer.1);
    let completion: Value = serde_json::from_str(&answer.1).unwrap();
    assert_eq!(completion["choices"][0]["message"]["content"], "You said: hello");
    let (status, stream) = chat(&url, "/v1/chat/completions", true);
    assert_eq!(status, 200);
    assert!(stream.starts_with("data: {") && stream.ends_with("data: [DONE]\n\n"), "{stream}");
    sandbox.run("status").succeeds().says("/openai").says("Programmed=True");
    sandbox.run("list").succeeds().says("default").says("up");
    sandbox.run("down").succeeds().says("sandbox default is down");
    assert!(!sandbox.state().exists(), "no file is left");
    assert!(std::net::TcpStream::connect(url.trim_start_matches("http://")).is_err(), "no port is left");
    sandbox.run("down").succeeds().says("nothing to do");
    sandbox.run("status").exits(4).says("SANDBOX-01");
}

#[test]
fn every_vendor_of_the_quickstart_answers_under_its_own_path() {
    let sandbox = Sandbox::up();
    let url = sandbox.url();
    for path in ["/openai/v1/chat/completions", "/anthropic/v1/chat/completions", "/gemini/v1/chat/completions"] {
        let (status, body) = chat(&url, path, false);
        assert_eq!(status, 200, "{path}: {body}");
        assert!(body.contains("You said: hello"), "{path}: {body}");
    }
}

#[test]
fn a_second_up_changes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.run("up --provider embedded").succeeds();
    let before = sandbox.snapshot();
    let versions = resource_versions(&sandbox);
    let finished = sandbox.run("up --provider embedded --output json").succeeds().last_event("up.finished");
    assert_eq!(finished["ok"], true);
    assert_eq!(finished["writes"], 0);
    assert_eq!(resource_versions(&sandbox), versions);
    assert_eq!(sandbox.snapshot(), before);
}

#[test]
fn what_left_the_profile_leaves_the_cluster() {
    let sandbox = Sandbox::up();
    let file = sandbox.file(
        "less.yaml",
        "schema: agw-sandbox/v1\nkind: Profile\nbackends:\n  only: {llm: openai, mock: {}, key: {fake: sk-x}}\n\
         routes: [{path: /v1, to: only, strip: false}]\n",
    );
    let up = format!("up --provider embedded --profile {}", file.display());
    sandbox.run(&up).succeeds();
    assert_eq!(chat(&sandbox.url(), "/v1/chat/completions", false).0, 200);
    assert_eq!(chat(&sandbox.url(), "/openai/v1/chat/completions", false).0, 404);
    let again = sandbox.run(&format!("{up} --output json")).succeeds().last_event("up.finished");
    assert_eq!(again["writes"], 0);
}

#[test]
fn two_sandboxes_do_not_meet() {
    let sandbox = Sandbox::up();
    let quiet = sandbox.path("quiet.yaml").display().to_string();
    sandbox.run(&format!("up --provider embedded --sandbox other --profile {quiet}")).succeeds();
    let of_other = sandbox.run("env --sandbox other").succeeds().stdout();
    assert!(!of_other.contains(&format!("'{}'", sandbox.url())), "{of_other}");
    sandbox.run("down --sandbox other").succeeds();
    assert_eq!(chat(&sandbox.url(), "/v1/chat/completions", false).0, 200);
}

#[test]
fn a_process_that_was_killed_is_replaced() {
    let sandbox = Sandbox::up();
    let status: Value = serde_json::from_str(&sandbox.run("status --output json").succeeds().stdout()).unwrap();
    let pid = status["status"]["pid"].as_u64().unwrap().to_string();
    assert!(std::process::Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    sandbox.run("status").exits(4);
    let quiet = sandbox.path("quiet.yaml").display().to_string();
    sandbox.run(&format!("up --provider embedded --profile {quiet}")).succeeds();
    assert_eq!(chat(&sandbox.url(), "/v1/chat/completions", false).0, 200);
}

/// Status and body of a chat completion.
pub fn chat(url: &str, path: &str, stream: bool) -> (u16, String) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = crate::support::http();
        let body =
            json!({"model": "gpt-4o-mini", "stream": stream, "messages": [{"role": "user", "content": "hello"}]});
        let answer = client.post(format!("{url}{path}")).json(&body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    })
}

/// Every object with its resourceVersion.
fn resource_versions(sandbox: &Sandbox) -> Vec<String> {
    let mut found = Vec::new();
    for kind in [
        "api/v1/namespaces",
        "api/v1/services",
        "api/v1/secrets",
        "apis/apps/v1/deployments",
        "apis/apiextensions.k8s.io/v1/customresourcedefinitions",
        "apis/gateway.networking.k8s.io/v1/gateways",
        "apis/gateway.networking.k8s.io/v1/httproutes",
        "apis/agentgateway.dev/v1alpha1/agentgatewaybackends",
    ] {
        for item in crate::support::list(sandbox, kind) {
            found.push(format!("{kind} {} {}", item["metadata"]["name"], item["metadata"]["resourceVersion"]));
        }
    }
    assert!(found.len() > 20, "objects were found at all: {found:?}");
    found
}
