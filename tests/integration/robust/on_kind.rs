//! On real clusters.

use super::{
    dump::{dump, same},
    points::{Draw, killed, points, started},
};
use crate::{
    image::docker_says,
    kind::{ONE_AT_A_TIME, really},
    support::{Mirror, Sandbox},
};
use std::{
    process::{Child, Command},
    time::{Duration, Instant},
};

const QUIET: &str = "schema: agw-sandbox/v1\nkind: Profile\nextends: ci-reference\nscenarios: []\n";
/// The same with charts, so that points fall within Helm too.
const CHARTS: &str = "schema: agw-sandbox/v1\nkind: Profile\nextends: ci\nscenarios: []\n";
/// About as long as an undisturbed run from nothing.
const FROM_NOTHING: Duration = Duration::from_secs(30);
/// About as long as a run that mends one thing.
const MENDING: Duration = Duration::from_secs(5);

fn up(sandbox: &Sandbox, name: &str) -> String {
    up_of(sandbox, name, QUIET)
}

fn up_of(sandbox: &Sandbox, name: &str, profile: &str) -> String {
    let profile = sandbox.file("quiet.yaml", profile);
    format!("--sandbox {name} up --provider kind --profile {} --output json", profile.display())
}

fn kubectl(sandbox: &Sandbox, name: &str, arguments: &str) {
    let config = sandbox.state().join(name).join("kubeconfig");
    let ran = Command::new("kubectl").arg("--kubeconfig").arg(config).args(arguments.split_whitespace()).output();
    let ran = ran.unwrap();
    assert!(ran.status.success(), "kubectl {arguments}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// Takes something away that `up` brings; what.
fn take_away(sandbox: &Sandbox, name: &str, which: u64) -> &'static str {
    let node = format!("agw-{name}-control-plane");
    let commands: [(&str, &[&str]); 6] = [
        ("the image on the node", &["-n agentgateway-system delete deployment agentgateway"]),
        ("the mocks", &["delete namespace agw-mocks"]),
        ("the controller", &["-n agentgateway-system delete deployment,serviceaccount agentgateway"]),
        ("the gateway", &["-n agw-sandbox delete gateway,httproute --all"]),
        ("a definition", &["delete crd httproutes.gateway.networking.k8s.io"]),
        ("backends and their keys", &["-n agw-sandbox delete agentgatewaybackend,secret --all"]),
    ];
    let (what, deletions) = commands[usize::try_from(which).unwrap() % commands.len()];
    deletions.iter().for_each(|deletion| kubectl(sandbox, name, deletion));
    if what == "the image on the node" {
        let all = "ctr -n k8s.io images ls -q | grep agw-sandbox/self | xargs -r ctr -n k8s.io images rm";
        assert!(docker_says(&["exec", &node, "sh", "-c", all]).0);
    }
    what
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_at_twenty_points_the_next_up_comes_to_the_same_state() {
    if !really() {
        return;
    }
    let Some(mirror) = Mirror::start().await else { return };
    let Some(mirror) = mirror.with("agentgateway-1.4", "1.4.1").await else { return };
    let _alone = ONE_AT_A_TIME.lock().await;
    let (sandbox, name) = (Sandbox::new().with_variables(mirror.variables()), "robust-kill");
    let (up, kubeconfig) = (up_of(&sandbox, name, CHARTS), sandbox.state().join(name).join("kubeconfig"));
    sandbox.run(&up).succeeds();
    let expected = dump(&kubeconfig).await;
    let (mut draw, number) = (Draw::new(), points(20));
    for point in 0..number {
        let from_nothing = point * 5 < number;
        let (what, limit) = if from_nothing {
            sandbox.run(&format!("--sandbox {name} down")).succeeds();
            ("everything", FROM_NOTHING)
        } else {
            (take_away(&sandbox, name, point as u64), MENDING)
        };
        let after = draw.within(limit);
        let within = killed(&sandbox, &up, after);
        let began = Instant::now();
        sandbox.run(&up).succeeds();
        let (killed, took) = (after.as_secs_f64(), began.elapsed().as_secs_f64());
        println!("  {what} was missing, killed after {killed:.1} s (at work: {within}), mended in {took:.1} s");
        same(&expected, &dump(&kubeconfig).await, &format!("point {point}: {what}, {killed:.3} s"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_sandboxes_at_once_leave_nothing() {
    if !really() {
        return;
    }
    let _alone = ONE_AT_A_TIME.lock().await;
    let (sandbox, names) = (Sandbox::new(), ["robust-a", "robust-b"]);
    let runs: Vec<Child> = names.iter().map(|name| started(&sandbox, &up(&sandbox, name))).collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    for name in names {
        sandbox.run(&format!("--sandbox {name} test smoke")).succeeds();
    }
    let node = |name: &str| format!("agw-{name}-control-plane");
    let volumes =
        names.map(|name| docker_says(&["inspect", "-f", "{{range .Mounts}}{{.Name}} {{end}}", &node(name)]).1);
    let downs: Vec<Child> = names.iter().map(|name| started(&sandbox, &format!("--sandbox {name} down"))).collect();
    for mut down in downs {
        assert!(down.wait().unwrap().success());
    }
    assert!(!sandbox.state().exists(), "no kubeconfig and no other file is left");
    for name in names {
        assert!(!docker_says(&["inspect", &node(name)]).0, "{name}");
    }
    for volume in volumes.iter().flat_map(|names| names.split_whitespace()) {
        assert!(!docker_says(&["volume", "inspect", volume]).0, "{volume}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restart_and_interruptions_are_mended() {
    if !really() {
        return;
    }
    let _alone = ONE_AT_A_TIME.lock().await;
    let (sandbox, name) = (Sandbox::new(), "robust-int");
    let up = up(&sandbox, name);
    interrupted(&sandbox, &up, Duration::from_secs(6), 1);
    interrupted(&sandbox, &up, Duration::from_secs(3), 2);
    sandbox.run(&up).succeeds();
    let kubeconfig = sandbox.state().join(name).join("kubeconfig");
    let expected = dump(&kubeconfig).await;
    // What a restart of Docker does to the node.
    assert!(docker_says(&["restart", "-t", "2", &format!("agw-{name}-control-plane")]).0);
    sandbox.run(&up).succeeds();
    same(&expected, &dump(&kubeconfig).await, "a restart of the node");
    let again = sandbox.run(&up).succeeds().last_event("up.finished");
    assert_eq!(again["writes"], 0, "{again}");
}

/// Ctrl-C, once or twice: it ends with 130, soon, and takes kind with it.
fn interrupted(sandbox: &Sandbox, up: &str, after: Duration, times: usize) {
    let mut run = started(sandbox, up);
    std::thread::sleep(after);
    let began = Instant::now();
    for _ in 0..times {
        assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert!(began.elapsed() < Duration::from_secs(if times == 1 { 10 } else { 2 }), "{:?}", began.elapsed());
    let at_work = Command::new("pgrep").args(["-f", "kind create cluster --name agw-robust-int"]).output().unwrap();
    assert!(at_work.stdout.is_empty(), "kind is still at work");
}
