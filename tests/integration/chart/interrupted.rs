//! Helm interrupted, killed and left behind: no release stays pending.

use super::helm::{Bench, bring, release};
use agw_sandbox::chart::{Chart, Helm, HelmError, RevisionState};
use agw_sandbox::event::Change;
use agw_sandbox::process::ProcessIdentity;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// A hook that never ends: nothing runs Jobs here, so Helm stays at work on the release.
const HOOK: &str = r#"
apiVersion: batch/v1
kind: Job
metadata:
  name: never
  annotations: {helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-delete-policy: before-hook-creation}
spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a}]}}}
"#;

async fn until_pending(bench: &Bench, helm: &Helm) {
    for _ in 0..200 {
        if matches!(bench.state(helm, "agentgateway").await, Some((_, RevisionState::Pending))) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("Helm never came to work");
}

/// Lets Helm hang on a chart and kills it the hard way.
async fn killed_while_pending(bench: &Bench, helm: &Helm, chart: &Chart) {
    let (cancel, wanted) = (CancellationToken::new(), release("agentgateway", json!({})));
    let work = helm.bring_about(&wanted, chart, &bench.cluster, &cancel, &|_| ());
    let kill = async {
        until_pending(bench, helm).await;
        let record = std::fs::read(bench.record("helm.json")).unwrap();
        let identity: ProcessIdentity = serde_json::from_slice(&record).unwrap();
        assert!(Command::new("kill").args(["-KILL", &identity.pid.to_string()]).status().unwrap().success());
    };
    let (done, ()) = tokio::join!(work, kill);
    let said = done.unwrap_err().to_string();
    assert!(said.ends_with("it was ended from outside, by signal 9"), "{said}");
    until_pending(bench, helm).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_helm_is_recovered() {
    for program in ["helm", "helm3"] {
        let Some(bench) = Bench::start().await else { return };
        let (helm, good) = (bench.helm(program), bench.controller().await);
        let hanging = bench.chart_of("hanging", HOOK).await;
        let wanted = release("agentgateway", json!({}));

        killed_while_pending(&bench, &helm, &hanging).await;
        assert_eq!(bring(&helm, &bench, &wanted, &good).await, Ok(Change::Made), "{program}, at its first revision");
        assert_eq!(bench.state(&helm, "agentgateway").await, Some((1, RevisionState::Deployed)));

        killed_while_pending(&bench, &helm, &hanging).await;
        assert_eq!(bring(&helm, &bench, &wanted, &good).await, Ok(Change::Made), "{program}, at a later revision");
        assert!(matches!(bench.state(&helm, "agentgateway").await, Some((_, RevisionState::Deployed))));
        assert_eq!(bring(&helm, &bench, &wanted, &good).await, Ok(Change::Unchanged));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_helm_leaves_nothing_pending() {
    for program in ["helm", "helm3"] {
        let Some(bench) = Bench::start().await else { return };
        let (helm, good) = (bench.helm(program), bench.controller().await);
        let wanted = release("agentgateway", json!({}));
        let hanging = bench.chart_of("hanging", HOOK).await;
        let cancel = CancellationToken::new();
        let work = helm.bring_about(&wanted, &hanging, &bench.cluster, &cancel, &|_| ());
        let stop = async {
            until_pending(&bench, &helm).await;
            cancel.cancel();
        };
        let (done, ()) = tokio::join!(work, stop);
        assert!(matches!(done, Err(HelmError::Interrupted)), "{done:?}");
        assert_eq!(bench.state(&helm, "agentgateway").await, Some((1, RevisionState::Failed)), "{program}");
        assert_eq!(bring(&helm, &bench, &wanted, &good).await, Ok(Change::Made));

        let late = bench.helm(program).within(Duration::from_secs(2));
        let told = bring(&late, &bench, &wanted, &hanging).await.unwrap_err();
        assert!(told.starts_with("HELM-04: Helm did not end within 2 s"), "{told}");
        assert_eq!(bring(&helm, &bench, &wanted, &good).await, Ok(Change::Made));
    }
}

/// A run of agw-sandbox that was killed leaves its Helm at work, with a record of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_helm_that_was_left_behind_is_ended() {
    let Some(bench) = Bench::start().await else { return };
    let (helm, good) = (bench.helm("helm"), bench.controller().await);
    let hanging = bench.chart_of("hanging", HOOK).await;
    std::fs::create_dir_all(bench.record("")).unwrap();
    std::fs::write(bench.record("values-left.json"), "{}").unwrap();
    let mut left = Command::new("helm")
        .args(["install", "agentgateway"])
        .arg(&hanging.file)
        .args(["--namespace", "agentgateway-system", "--create-namespace", "--kube-context", "real", "--kubeconfig"])
        .arg(&bench.kubeconfig)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let identity = ProcessIdentity::of(left.id()).unwrap();
    std::fs::write(bench.record("helm.json"), serde_json::to_vec(&identity).unwrap()).unwrap();
    until_pending(&bench, &helm).await;
    let wanted = release("agentgateway", json!({}));
    let reaped = tokio::task::spawn_blocking(move || left.wait().unwrap());
    assert_eq!(bring(&helm, &bench, &wanted, &good).await, Ok(Change::Made));
    assert!(!reaped.await.unwrap().success());
    assert!(!bench.record("values-left.json").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn whenever_it_is_interrupted_it_converges() {
    let Some(bench) = Bench::start().await else { return };
    let good = bench.controller().await;
    let seed: u64 = std::env::var("AGW_SEED").map_or_else(|_| rand::random(), |seed| seed.parse().unwrap());
    println!("seed {seed}");
    let mut random = rand::rngs::StdRng::seed_from_u64(seed);
    for round in 0..10 {
        let helm = bench.helm(if random.random() { "helm" } else { "helm3" });
        let wanted = release("agentgateway", json!({"controller": {"logLevel": format!("level-{round}")}}));
        let (cancel, wait) = (CancellationToken::new(), Duration::from_millis(random.random_range(0..900)));
        let work = helm.bring_about(&wanted, &good, &bench.cluster, &cancel, &|_| ());
        let (done, ()) = tokio::join!(work, interrupt(&bench, &cancel, wait, round % 2 == 0));
        println!("round {round} after {wait:?}: {done:?}");
        bring(&helm, &bench, &wanted, &good).await.unwrap();
        assert!(matches!(bench.state(&helm, "agentgateway").await, Some((_, RevisionState::Deployed))));
        assert_eq!(bring(&helm, &bench, &wanted, &good).await, Ok(Change::Unchanged), "seed {seed}, round {round}");
    }
}

/// Kills Helm the hard way if it is at work, else cancels.
async fn interrupt(bench: &Bench, cancel: &CancellationToken, wait: Duration, hard: bool) {
    tokio::time::sleep(wait).await;
    let record = std::fs::read(bench.record("helm.json")).unwrap_or_default();
    match serde_json::from_slice::<ProcessIdentity>(&record) {
        Ok(identity) if hard => {
            // It may have ended meanwhile.
            let _ = Command::new("kill").args(["-KILL", &identity.pid.to_string()]).status();
        }
        _ => cancel.cancel(),
    }
}
