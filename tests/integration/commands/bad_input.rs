//! What is answered to what cannot be done: kind, cause, place, fix, id, exit code; and nothing half-made is left.

use crate::support::Sandbox;
use std::{net::TcpListener, os::unix::fs::PermissionsExt};

const HEAD: &str = "schema: agw-sandbox/v1\nkind: Profile\n";

#[test]
fn mistakes_in_a_profile_have_a_place_and_a_nearest_name() {
    let sandbox = Sandbox::new();
    let cases = [
        ("realease: agentgateway-1.4\n", "PROFILE-03", "did you mean `release`?"),
        ("scenarios: 7\n", "PROFILE-02", "mistake.yaml:3"),
        ("scenarios: []\nscenarios: []\n", "PROFILE-04", "mistake.yaml:4"),
        ("cluster: {provider: knid}\n", "PROFILE-06", "did you mean `kind`?"),
        ("routes: [\n", "PROFILE-01", "mistake.yaml"),
        ("release: agentgateway-2.3\n", "RELEASE-01", "agentgateway-1.4"),
        ("release: agentgateway >=1\n", "RELEASE-05", "agentgateway-1.4"),
        ("release: agentgateway 1.4.0-rc1\n", "RELEASE-06", "agentgateway 1.4.0-rc.1"),
        ("gateway: {name: agentgateway}\n", "PROFILE-10", "ai-gateway"),
    ];
    for (text, id, hint) in cases {
        let file = sandbox.file("mistake.yaml", &format!("{HEAD}{text}"));
        let run = sandbox.run(&format!("up --profile {}", file.display())).exits(3);
        run.says(&format!("error[{id}]")).says(hint).says("exit 3");
    }
    assert!(!sandbox.state().exists() || sandbox.snapshot().is_empty(), "nothing is left: {:?}", sandbox.snapshot());
}

#[test]
fn unknown_names_are_answered_with_the_nearest() {
    let sandbox = Sandbox::new();
    sandbox.run("up --profile quickstrat").exits(3).says("did you mean `quickstart`?");
    sandbox.run("up --provider embeded").exits(3).says("did you mean `embedded`?");
    sandbox.run("up --sandbox Bad").exits(2);
    sandbox.run("upp").exits(2).says("up");
    sandbox.run("explain NOPE-1").exits(2).says("USAGE-04");
}

#[test]
fn an_explicit_port_in_use_is_an_error_and_the_default_one_gives_way() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let sandbox = Sandbox::new();
    sandbox.run(&format!("up --provider embedded --port {port}")).exits(4).says("PORT-01").says(&port.to_string());
    assert_eq!(sandbox.run("list").succeeds().stdout(), "");
    assert!(sandbox.snapshot().is_empty(), "nothing is left: {:?}", sandbox.snapshot());
    // Whoever holds 8080 meanwhile, us or another test: a sandbox comes up all the same.
    let _held = TcpListener::bind("127.0.0.1:8080");
    let sandbox = Sandbox::up();
    assert_ne!(sandbox.url(), "http://127.0.0.1:8080");
}

#[test]
fn a_state_directory_that_is_not_writable() {
    let sandbox = Sandbox::new();
    // A file in the place of the directory stops root as well.
    std::fs::write(sandbox.state(), "").unwrap();
    sandbox.run("up --provider embedded").exits(4).says("SANDBOX-03").says("AGW_SANDBOX_HOME");
    std::fs::set_permissions(sandbox.state(), PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn two_ups_of_one_sandbox_do_not_fight() {
    let sandbox = Sandbox::new();
    let runs: Vec<_> = (0..4)
        .map(|_| {
            sandbox
                .command("up --provider embedded --output json")
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let codes: Vec<i32> = runs.into_iter().map(|run| run.wait_with_output().unwrap().status.code().unwrap()).collect();
    assert!(codes.contains(&0), "one of them came up: {codes:?}");
    assert!(codes.iter().all(|code| [0, 10].contains(code)), "the others were told to wait: {codes:?}");
    sandbox.run("up --provider embedded").succeeds();
}
