//! `plan` prints what `up` executes.

use crate::support::{Ran, Sandbox};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, Stdio},
};

#[test]
fn fingerprints_of_the_plan_are_those_of_the_journal() {
    let sandbox = Sandbox::new();
    let text = sandbox.run("plan --provider embedded --output json").succeeds().stdout();
    let plan: Value = serde_json::from_str(&text).unwrap();
    let planned: BTreeMap<String, String> =
        plan["steps"].as_array().unwrap().iter().map(|step| pair(step, "id")).collect();
    assert!(!sandbox.state().exists(), "a plan leaves nothing behind");
    sandbox.run("up --provider embedded").succeeds();
    let journal = std::fs::read_to_string(sandbox.state().join("default/journal.jsonl")).unwrap();
    let done: BTreeMap<String, String> =
        journal.lines().map(|line| pair(&serde_json::from_str(line).unwrap(), "step")).collect();
    assert_eq!(done, planned);
}

fn pair(value: &Value, name: &str) -> (String, String) {
    let text = |field: &str| value[field].as_str().unwrap().to_owned();
    (text(name), text("fingerprint"))
}

#[test]
fn every_form_names_every_step() {
    let sandbox = Sandbox::new();
    for form in ["text", "json", "shell", "dot", "markdown"] {
        let run = sandbox.run(&format!("plan --provider embedded --output {form}")).succeeds();
        for step in ["cluster", "definitions", "mocks", "gateway", "routes", "ollama", "access", "traffic"] {
            assert!(run.stdout().contains(step), "{form} lacks {step}");
        }
    }
}

#[test]
fn the_commands_of_the_plan_do_the_same_by_hand() {
    let there = |tool: &str| Command::new(tool).arg("--help").output().is_ok();
    if !["bash", "kubectl", "curl"].into_iter().all(there) {
        println!("skipped: bash, kubectl or curl is not on this machine");
        return;
    }
    let sandbox = Sandbox::new();
    let script = sandbox.run("plan --provider embedded --output shell").succeeds().stdout();
    let file = sandbox.file("plan.sh", &script);
    let program = Path::new(env!("CARGO_BIN_EXE_agw-sandbox")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("timeout");
    command.args(["60", "bash"]).arg(file).env("PATH", path).env("AGW_SANDBOX_HOME", sandbox.state());
    let ran = Ran::new("bash plan.sh".to_owned(), command.stdin(Stdio::null()).output().unwrap()).succeeds();
    assert_eq!(ran.stdout().matches("You said: hello").count(), 3, "{}", ran.stdout());
    sandbox.run("status").succeeds().says("/openai");
}

#[test]
fn a_secret_is_in_no_plan_no_state_and_no_output() {
    let sandbox = Sandbox::new();
    let file = sandbox.file(
        "team.yaml",
        "schema: agw-sandbox/v1\nkind: Profile\nextends: quickstart\n\
         backends:\n  paid: {llm: openai, key: {fromEnv: AGW_TEST_CANARY}}\nscenarios: []\n",
    );
    let canary = "sk-canary-0123456789abcdef";
    let secret = [("AGW_TEST_CANARY", canary)];
    let profile = file.display().to_string();
    sandbox.run(&format!("plan --profile {profile}")).exits(3).says("RESOLVE-01").says("AGW_TEST_CANARY");
    for form in ["text", "json", "shell", "dot", "markdown"] {
        let plan = format!("plan --provider embedded --profile {profile} --output {form}");
        sandbox.run_with(&plan, &secret).succeeds().does_not_say(canary);
    }
    let up = format!("up --provider embedded --profile {profile} --output json");
    sandbox.run_with(&up, &secret).succeeds().does_not_say(canary);
    sandbox.run("status --output json").succeeds().does_not_say(canary);
    for (path, content, _) in sandbox.snapshot() {
        assert!(!String::from_utf8_lossy(&content).contains(canary), "{} holds the secret", path.display());
    }
}
