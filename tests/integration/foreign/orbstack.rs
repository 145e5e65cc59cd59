//! OrbStack's paths behind a faked `orbctl`, beside a real kind cluster that plays OrbStack's. What a real OrbStack does
//! beyond that is not tested here.

use super::{shared::PROFILE, stand::Foreign};
use crate::support::Sandbox;
use std::{os::unix::fs::PermissionsExt, path::Path};

/// Answers as OrbStack does (`facts/lifecycle.md` D.5) and notes what it was asked.
const ORBCTL: &str = "#!/bin/sh
here=$(dirname \"$0\")
echo \"$*\" >> \"$here/asked\"
case \"$*\" in
  version) echo 'Version: 2.0.1 (2000100)' ;;
  status) cat \"$here/status\" ;;
  'config get k8s.enable') cat \"$here/enabled\" ;;
  *) exit 1 ;;
esac
";

fn fake(folder: &Path) -> String {
    let program = folder.join("orbctl");
    std::fs::write(&program, ORBCTL).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    std::fs::write(folder.join("status"), "Running\n").unwrap();
    std::fs::write(folder.join("enabled"), "k8s.enable: true\n").unwrap();
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
}

fn asked(folder: &Path) -> Vec<String> {
    let mut asked: Vec<String> =
        std::fs::read_to_string(folder.join("asked")).unwrap_or_default().lines().map(str::to_owned).collect();
    asked.sort();
    asked.dedup();
    asked
}

#[test]
fn an_orbstack_that_is_off_is_told_and_never_switched_on() {
    let (folder, home) = (tempfile::tempdir().unwrap(), Sandbox::new());
    let path = fake(folder.path());
    let variables = [("PATH", path.as_str()), ("AGW_SANDBOX_TEST_ORBSTACK", "1")];
    let up = "up --provider orbstack --profile ci-reference";
    std::fs::write(folder.path().join("enabled"), "k8s.enable: false\n").unwrap();
    home.run_with(up, &variables).exits(4).says("orb config set k8s.enable true");
    std::fs::write(folder.path().join("status"), "Stopped\n").unwrap();
    home.run_with(up, &variables).exits(4).says("OrbStack does not run: orb start");
    assert_eq!(asked(folder.path()), ["config get k8s.enable", "status", "version"]);
    if cfg!(not(target_os = "macos")) {
        home.run_with(up, &[]).exits(4).says("only on macOS");
    }
}

/// Brings a sandbox up on the cluster as if it were OrbStack's. Its node has our image, as OrbStack's engine would.
pub fn behind_a_faked_orbctl(foreign: &Foreign) {
    let (folder, home) = (tempfile::tempdir().unwrap(), Sandbox::new());
    let path = fake(folder.path());
    let kubeconfig = home.file("orbstack-config", &std::fs::read_to_string(foreign.kubeconfig()).unwrap());
    foreign.kubectl(&format!("config rename-context kind-foreign orbstack --kubeconfig {}", kubeconfig.display()));
    let variables =
        [("PATH", path.as_str()), ("AGW_SANDBOX_TEST_ORBSTACK", "1"), ("KUBECONFIG", kubeconfig.to_str().unwrap())];
    let before = foreign.inventory();
    // Nobody is asked: the cluster is on the user's own machine for this very purpose.
    let profile = home.file("two.yaml", PROFILE);
    home.run_with(&format!("up --provider orbstack --profile {}", profile.display()), &variables)
        .succeeds()
        .says("2 passed")
        .does_not_say("left out");
    home.run_with("status", &variables).succeeds().says("· orbstack ·");
    home.run_with("down", &variables).succeeds().says("the cluster stays");
    assert_eq!(foreign.changes_since(&before), Vec::<String>::new());
    assert_eq!(asked(folder.path()), ["config get k8s.enable", "status", "version"]);
}
