//! The contract for scripts.

use crate::support::Sandbox;

#[test]
fn every_line_of_up_has_schema_and_event_and_the_last_one_is_a_contract() {
    let sandbox = Sandbox::new();
    let up = sandbox.run("up --provider embedded --output json").succeeds();
    for event in up.events() {
        assert_eq!(event["schema"], "agw-sandbox/v1", "{event}");
        assert!(event["event"].is_string(), "{event}");
    }
    let finished = up.last_event("up.finished");
    assert_eq!(finished["ok"], true);
    assert_eq!(finished["provider"], "embedded");
    assert!(finished["writes"].as_u64().unwrap() > 20, "{finished}");
    assert!(finished["seconds"].as_f64().unwrap() > 0.0, "{finished}");
}

#[test]
fn a_failure_is_the_last_line_too() {
    let sandbox = Sandbox::new();
    let finished = sandbox.run("up --profile quickstrat --output json").exits(3).last_event("up.finished");
    assert_eq!(finished["ok"], false);
    assert_eq!(finished["exit"], 3);
    assert_eq!(finished["error"]["id"], "PROFILE-05");
    assert!(finished["error"]["message"].as_str().unwrap().contains("quickstrat"), "{finished}");
}

#[test]
fn test_counts_and_writes_junit() {
    let sandbox = Sandbox::up();
    let junit = sandbox.path("out.xml");
    let run = sandbox.run(&format!("test policy --output json --junit {}", junit.display())).succeeds();
    let finished = run.last_event("test.finished");
    for (field, count) in [("passed", 14), ("failed", 0), ("skipped", 0), ("expected", 1), ("stale", 0), ("flaky", 0)] {
        assert_eq!(finished[field], count, "{finished}");
    }
    let text = std::fs::read_to_string(junit).unwrap();
    assert!(text.contains("tests=\"15\"") && text.contains("POL-10"), "{text}");
}

#[test]
fn junit_of_a_run_that_could_not_begin_is_not_green() {
    let sandbox = Sandbox::new();
    let junit = sandbox.path("out.xml");
    sandbox.run(&format!("test --junit {}", junit.display())).exits(4).says("SANDBOX-01");
    let text = std::fs::read_to_string(junit).unwrap();
    assert!(text.contains("errors=\"1\"") && text.contains("set-up"), "{text}");
}

#[test]
fn env_speaks_shell() {
    let sandbox = Sandbox::up();
    let script = format!(
        "{}\nprintf '%s %s' \"$AGW_SANDBOX_URL\" \"$AGW_SANDBOX_MCP_URL\"; test -f \"$KUBECONFIG\"",
        sandbox.run("env").succeeds().stdout()
    );
    let output = std::process::Command::new("sh").args(["-c", &script]).output().unwrap();
    assert!(output.status.success());
    let url = sandbox.url();
    assert_eq!(String::from_utf8_lossy(&output.stdout), format!("{url} {url}/mcp"));
}
