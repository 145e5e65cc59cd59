//! `scenarios` and the ways to run them: parts, rounds, reports.

use crate::support::Sandbox;

#[test]
fn scenarios_are_listed_shown_checked_and_rendered() {
    let sandbox = Sandbox::new();
    let list = sandbox.run("scenarios list INS-01 POL-01").succeeds();
    list.says("EMBEDDED")
        .says("INS-01 on EMBEDDED: needs a real cluster")
        .says("POL-01 on KGW-2.1:")
        .says("expected to pass");
    sandbox.run("scenarios show pol-10").succeeds().says("id: POL-10");
    sandbox.run("scenarios render POL-10 --line agentgateway-1.4").succeeds().says("kind: AgentgatewayPolicy");
    sandbox.run("scenarios render POL-10 --line kgateway-2.1").succeeds().says("kind: TrafficPolicy");
    sandbox.run("scenarios render POL-01 --line kgateway-2.1").exits(3).says("SCENARIO-11").says("apiKey");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.yaml");
    std::fs::write(&file, "schema: agw-sandbox/v1\nkind: Scenario\nid: TST-01\ntitel: x\n").unwrap();
    let good = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/scenarios/policy/timeouts.yaml");
    let lint = sandbox.run(&format!("scenarios lint {} {good}", file.display())).exits(3);
    lint.says("SCENARIO-02").says("did you mean `title`?").says("timeouts.yaml: POL-20");
}

#[test]
fn rounds_parts_and_reports() {
    let sandbox = Sandbox::up();
    let folder = tempfile::tempdir().unwrap();
    let [junit, page, summary] = ["j.xml", "p.html", "s.md"].map(|name| folder.path().join(name));
    let run = format!("test smoke --repeat 2 --shard 1/4 --junit {} --html {}", junit.display(), page.display());
    sandbox.run(&run).succeeds();
    let page_text = std::fs::read_to_string(&page).unwrap();
    assert!(page_text.contains("<details class=\"scenario passed\"") && page_text.contains("client → gateway"));
    assert!(!page_text.contains("http-equiv") && !page_text.contains("src=") && !page_text.contains("@import"));
    assert!(std::fs::read_to_string(&junit).unwrap().contains("<testsuite "));
    let summary_path = summary.to_string_lossy().into_owned();
    let bad = sandbox
        .run_with(
            "test POL-10 --mutant limit-off-by-one --github --until-fail",
            &[("GITHUB_STEP_SUMMARY", &summary_path)],
        )
        .exits(8);
    bad.says("::error file=tests/scenarios/policy/local-rate-limit.yaml,line=").says("round 1 was the last");
    assert!(std::fs::read_to_string(&summary).unwrap().contains("| 0 | 1 | 0 |"));
}

#[test]
fn a_gateway_that_is_not_ours_needs_its_mocks() {
    let sandbox = Sandbox::new();
    sandbox.run("test --gateway http://127.0.0.1:1").exits(2).says("--mocks");
    let run = "test --gateway http://127.0.0.1:1 --mocks http://127.0.0.1:1 --kubeconfig /nowhere/config";
    sandbox.run(run).exits(2).says("USAGE-05").says("/nowhere/config");
}
