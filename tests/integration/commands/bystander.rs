//! Commands that only tell something.

use crate::support::Sandbox;

#[test]
fn what_can_be_listed_and_shown() {
    let sandbox = Sandbox::new();
    sandbox.run("version").succeeds().says(env!("CARGO_PKG_VERSION"));
    sandbox.run("profiles list").succeeds().says("quickstart").says("minimal");
    sandbox.run("profiles show quickstart").succeeds().says("ai-gateway");
    sandbox.run("scenarios list").succeeds().says("POL-10").says("a local limit");
    sandbox.run("scenarios show pol-10").succeeds().says("rate limit exceeded");
    sandbox.run("scenarios show POL-1O").exits(3).says("did you mean");
    sandbox.run("completions bash").succeeds().says("complete -F");
    sandbox.run("explain PORT-01").succeeds().says("in use");
    sandbox.run("definitions").succeeds().says("httproutes.gateway.networking.k8s.io");
    assert!(!sandbox.state().exists(), "none of them writes");
}

#[test]
fn doctor_looks_and_leaves_no_trace() {
    let sandbox = Sandbox::new();
    let run = sandbox.run("doctor").succeeds();
    run.says("machine").says("docker").says("tools").says("ollama").says("errors,");
    assert!(!sandbox.state().exists() || sandbox.snapshot().is_empty());
}
