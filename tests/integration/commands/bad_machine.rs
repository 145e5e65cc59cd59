//! Machines that are not ready: what `up` and `doctor` answer, and that nothing half-made is left.

use crate::support::Sandbox;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

const NOWHERE: (&str, &str) = ("DOCKER_HOST", "unix:///nowhere/docker.sock");

#[test]
fn docker_is_stopped() {
    let sandbox = Sandbox::new();
    let up = sandbox.run_with("up --provider kind --profile ci-reference", &[NOWHERE]).exits(4);
    up.says("error[PROVIDER-02]: provider kind cannot be used: no Docker at unix:///nowhere/docker.sock (DOCKER-02)")
        .says("exit 4");
    let doctor = sandbox.run_with("doctor", &[NOWHERE]).succeeds();
    doctor.says("! docker").says("(DOCKER-02)").says("start Docker, or say where it is");
    assert!(sandbox.snapshot().is_empty(), "nothing is left: {:?}", sandbox.snapshot());
    // Without a wish for a provider, the best that works is taken, and it is said why.
    let quiet =
        sandbox.file("quiet.yaml", "schema: agw-sandbox/v1\nkind: Profile\nextends: quickstart\nscenarios: []\n");
    let up = sandbox.run_with(&format!("up --profile {}", quiet.display()), &[NOWHERE]).succeeds();
    up.says("embedded").says("no Docker at unix:///nowhere/docker.sock");
}

/// A folder with programs that say a version and nothing else.
fn tools(sandbox: &Sandbox, versions: &[(&str, &str)]) -> PathBuf {
    let folder = sandbox.path("bin");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, said) in versions {
        let file = folder.join(name);
        std::fs::write(&file, format!("#!/bin/sh\necho '{said}'\n")).unwrap();
        std::fs::set_permissions(&file, PermissionsExt::from_mode(0o755)).unwrap();
    }
    folder
}

#[test]
fn tools_that_are_missing_or_too_old_are_told_all_at_once() {
    let sandbox = Sandbox::new();
    let old = [("kind", "kind v0.20.0 go1.20.4 linux/amd64"), ("helm", "v3.9.4+gdbc6d8e")];
    let path = tools(&sandbox, &old).display().to_string();
    let variables = [NOWHERE, ("PATH", path.as_str())];
    let up = sandbox.run_with("up --provider kind", &variables).exits(4);
    up.says("no Docker at unix:///nowhere/docker.sock")
        .says("kind 0.20.0 is too old, 0.27.0 is the oldest that works")
        .says("https://kind.sigs.k8s.io/docs/user/quick-start/#installation")
        .says("docker is not found in PATH")
        .says("helm 3.9.4+gdbc6d8e is too old, 3.12.0 is the oldest that works")
        .says("https://helm.sh/docs/intro/install/")
        .says("exit 4");
    let doctor = sandbox.run_with("doctor", &variables).succeeds();
    doctor
        .says("! kind              kind 0.20.0 is too old, 0.27.0 is the oldest that works (TOOL-02)")
        .says("! helm              helm 3.9.4+gdbc6d8e is too old, 3.12.0 is the oldest that works (TOOL-02)")
        .says("! docker cli        docker is not found in PATH (TOOL-03)")
        .says("! kubectl           kubectl is not found in PATH (TOOL-03)")
        .says("brew install helm");
    assert!(sandbox.snapshot().is_empty());
}

/// A file system of one megabyte, unmounted at its end.
struct Tiny(PathBuf);

impl Tiny {
    fn mount(at: &Path) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(at).output();
        if mount.is_ok_and(|output| output.status.success()) {
            return Some(Self(at.to_owned()));
        }
        println!("skipped: this user may not mount a small file system");
        None
    }
}

impl Drop for Tiny {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_disk_that_is_full() {
    let sandbox = Sandbox::new();
    let Some(_tiny) = Tiny::mount(&sandbox.state()) else { return };
    let up = sandbox.run("up --provider embedded").exits(4);
    up.says("error[MACHINE-06]: 1 MB are free in").says("20 MB are needed").says("AGW_SANDBOX_HOME").says("exit 4");
    assert!(sandbox.snapshot().is_empty(), "nothing is left: {:?}", sandbox.snapshot());
    sandbox.run("doctor").exits(4).says("✘ disk").says("(MACHINE-02)");
}

#[test]
fn a_proxy_in_the_way_is_told_without_its_password() {
    let proxy = [("HTTPS_PROXY", "http://me:geheim@proxy.example:3128"), ("NO_PROXY", ""), ("no_proxy", "")];
    let doctor = Sandbox::new().run_with("doctor", &proxy).succeeds();
    doctor.says("! proxies").says("(MACHINE-08)").says("export NO_PROXY=localhost,").does_not_say("geheim");
}

#[test]
fn a_run_that_has_no_time_says_what_it_was_at() {
    let sandbox = Sandbox::new();
    sandbox.run("up --provider embedded --timeout 1ms").exits(7).says("exit 7");
}
