//! A real cluster in bad weather. Only where `AGW_REAL=1`.

use crate::support::{Sandbox, is_real};
use std::process::{Child, Command};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One cluster at a time.
static ALONE: Mutex<()> = Mutex::new(());
/// Its name, and its node.
const NAME: &str = "windows";
const NODE: &str = "agw-windows-control-plane";
const UP: &str = "up --provider kind --sandbox windows --profile";

fn docker(arguments: &[&str]) -> bool {
    Command::new("docker").args(arguments).output().is_ok_and(|output| output.status.success())
}

/// Ends the run and removes its node, whatever became of the test.
struct Removed(Child);

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
        docker(&["rm", "-f", "-v", NODE]);
    }
}

fn profile(sandbox: &Sandbox) -> String {
    let text = "schema: agw-sandbox/v1\nkind: Profile\nextends: ci-reference\nscenarios: []\n";
    sandbox.file("quiet.yaml", text).display().to_string()
}

#[test]
fn an_api_server_that_is_away_for_twenty_seconds_is_waited_for() {
    if !is_real() {
        return;
    }
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let sandbox = Sandbox::new();
    let arguments = format!("{UP} {}", profile(&sandbox));
    let mut up = Removed(sandbox.command(&arguments).spawn().unwrap());
    // In the middle of the installation: the definitions are there, the controller is not.
    let ready = [
        "exec",
        NODE,
        "kubectl",
        "--kubeconfig",
        "/etc/kubernetes/admin.conf",
        "get",
        "crd",
        "gateways.gateway.networking.k8s.io",
    ];
    let began = Instant::now();
    while !docker(&ready) {
        assert!(began.elapsed() < Duration::from_secs(180), "the cluster does not come up");
        std::thread::sleep(Duration::from_millis(100));
    }
    // A busy node may refuse to be frozen at the first try.
    assert!((0..50).any(|_| docker(&["pause", NODE])), "the node cannot be paused");
    std::thread::sleep(Duration::from_secs(20));
    assert!(docker(&["unpause", NODE]));
    assert_eq!(up.0.wait().unwrap().code(), Some(0));

    // Deleted behind our back: the next `up` makes it anew, `down` has nothing to do.
    assert!(docker(&["rm", "-f", "-v", NODE]));
    sandbox.run(&format!("status --sandbox {NAME}")).says(NAME);
    sandbox.run(&arguments).succeeds().says("ready in");
    assert!(docker(&["rm", "-f", "-v", NODE]));
    sandbox.run(&format!("down --sandbox {NAME}")).succeeds();
    assert!(sandbox.snapshot().is_empty(), "nothing is left: {:?}", sandbox.snapshot());
}

/// What does not work together is refused before a cluster exists.
#[test]
fn windows_are_checked_before_anything_is_made() {
    if !is_real() {
        return;
    }
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let sandbox = Sandbox::new();
    for (text, id, right) in [
        ("release: agentgateway-1.3\ncluster: {kubernetes: \"1.37\"}\n", "WINDOW-01", "agentgateway-1.4"),
        ("release: agentgateway-1.3\ngatewayApi: {version: 1.6.1}\n", "WINDOW-02", "Gateway API 1.5."),
        ("release: agentgateway-2.2\ngatewayApi: {version: 1.5.1}\n", "WINDOW-03", "Gateway API 1.4."),
        ("cluster: {kubernetes: \"1.29\"}\n", "WINDOW-04", "Kubernetes 1.36"),
    ] {
        let head = "schema: agw-sandbox/v1\nkind: Profile\n";
        let file = sandbox.file("window.yaml", &format!("{head}gateway: {{implementation: real}}\n{text}"));
        let up = sandbox.run(&format!("{UP} {}", file.display())).exits(3);
        up.says(&format!("error[{id}]")).says(right).says("exit 3");
    }
    assert!(sandbox.snapshot().is_empty());
    assert!(!docker(&["inspect", NODE]), "no cluster was made");
}
