//! The kind provider on a real Docker: made, loaded, reached, interrupted, stopped, refused, removed.

use crate::image::{EXECUTABLE, docker, docker_says};
use agw_sandbox::cluster::{Cluster, Writes};
use agw_sandbox::image::{SelfImage, ensure_self_image, load_into_nodes};
use agw_sandbox::process::DockerEnvironment;
use agw_sandbox::provider::{
    HostPort, Kind, KindError, KindFacts, KindObserved, KindSpec, NodeImageSource, NodeImageWish, PortWish,
    ProviderError, await_host_alias, ensure_host_alias, kind_machine,
};
use k8s_openapi::api::core::v1::Pod;
use kube::api::{DeleteParams, LogParams, PostParams};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

/// This machine has room for one cluster of ours at a time.
pub static ONE_AT_A_TIME: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

const SANDBOX: &str = "image-test";
const CLUSTER: &str = "agw-image-test";
const NODE_PORT: u16 = 30080;
const MINUTE: Duration = Duration::from_secs(60);

/// Whether tests may use the Docker of this machine.
pub fn really() -> bool {
    let told = std::env::var_os("AGW_REAL").is_some();
    if !told {
        println!("skipped: AGW_REAL=1 is not set");
    }
    told
}

/// Nobody who is told anything.
pub fn quiet() -> &'static (dyn Fn(String) + Send + Sync) {
    &|_| {}
}

fn aloud() -> &'static (dyn Fn(String) + Send + Sync) {
    &|said| println!("    {said}")
}

async fn provider(home: &Path) -> Kind {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let machine = kind_machine(&DockerEnvironment::from_env()).await.unwrap();
    Kind::new(home.to_owned(), SANDBOX, machine)
}

async fn spec(kind: &Kind, host: HostPort) -> KindSpec {
    let wish = NodeImageWish { named: None, oldest: (1, 31), newest: (1, 36) };
    let image = kind.choose_image(&wish).await.unwrap();
    assert_eq!((image.source, image.download_megabytes()), (NodeImageSource::Local, 0));
    KindSpec { image, ports: vec![PortWish { node_port: NODE_PORT, host }] }
}

/// Removes whatever a test leaves, even one that panics.
struct Removed;

impl Drop for Removed {
    fn drop(&mut self) {
        docker_says(&["rm", "-f", "-v", &format!("{CLUSTER}-control-plane")]);
    }
}

fn timed(what: &str, began: Instant) {
    println!("  {what}: {:.1} s", began.elapsed().as_secs_f64());
}

#[tokio::test]
async fn a_cluster_is_made_used_stopped_and_removed() {
    if !really() {
        return;
    }
    let _alone = ONE_AT_A_TIME.lock().await;
    let _removed = Removed;
    let home = tempfile::tempdir().unwrap();
    let kind = provider(home.path()).await;
    let docker = docker().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken_port = taken.local_addr().unwrap().port();
    let wanted = spec(&kind, HostPort::From(taken_port)).await;
    assert_eq!(kind.observe().await.unwrap(), KindObserved::Absent);
    let had_network = has_network();

    // The image is built and goes into the node while the cluster boots.
    let image = SelfImage::of(PathBuf::from(EXECUTABLE)).await.unwrap();
    let (began, nodes, reference) = (Instant::now(), kind.node_names(), image.reference());
    let load = async {
        let built = ensure_self_image(&docker, &image, aloud()).await.unwrap();
        timed("build", began);
        kind.nodes_stay().await;
        let loaded = load_into_nodes(&docker, &reference, &nodes, 2 * MINUTE, aloud()).await.unwrap();
        timed(&format!("load of {} MB, from the beginning", built.bytes >> 20), began);
        loaded
    };
    let create = async {
        let created = kind.ensure(&wanted, aloud()).await.unwrap();
        timed("API answers", began);
        assert!(kind.settle(aloud()).await.unwrap());
        timed("create", began);
        created
    };
    let (loaded, (facts, changed)) = tokio::join!(load, create);
    assert!(changed && loaded.iter().all(|node| node.made && node.bytes > 1 << 20), "{loaded:?}");
    assert_eq!(facts.nodes, nodes);
    assert!(facts.host_port(NODE_PORT).is_some_and(|port| port != taken_port), "{facts:?}");
    assert!(facts.api.starts_with("https://127.0.0.1:"), "{facts:?}");

    a_second_time_changes_nothing(&kind, &wanted, &facts).await;
    let loaded = load_into_nodes(&docker, &reference, &nodes, MINUTE, quiet()).await.unwrap();
    assert!(loaded.iter().all(|node| !node.made));

    let cluster = Cluster::from_kubeconfig(&facts.kubeconfig, Writes::default()).await.unwrap();
    pods_know_this_machine(&cluster, &facts).await;
    a_pod_of_our_image_is_reached(&cluster, &facts, &reference).await;
    a_stopped_node_is_started_again(&kind, &wanted).await;
    what_is_not_ours_is_left_alone(&kind, &wanted, home.path()).await;

    let volumes = volumes_of(&nodes[0]);
    assert!(!volumes.is_empty());
    let began = Instant::now();
    assert!(kind.remove().await.unwrap());
    timed("remove", began);
    nothing_is_left(home.path());
    for volume in volumes {
        assert!(!docker_says(&["volume", "inspect", &volume]).0, "{volume}");
    }
    assert!(!has_network() || had_network);
    assert!(!kind.remove().await.unwrap());
    docker_says(&["rmi", "-f", &reference]);
}

async fn a_second_time_changes_nothing(kind: &Kind, wanted: &KindSpec, facts: &KindFacts) {
    let began = Instant::now();
    let (again, changed) = kind.ensure(wanted, quiet()).await.unwrap();
    timed("second ensure", began);
    assert_eq!((&again, changed), (facts, false));
    assert!(began.elapsed() < Duration::from_secs(1));
}

/// Adds the name, and asks for it from a pod.
async fn pods_know_this_machine(cluster: &Cluster, facts: &KindFacts) {
    let target = facts.host_target().unwrap();
    let began = Instant::now();
    assert!(ensure_host_alias(cluster, &target).await.unwrap());
    let writes = cluster.writes().count();
    assert!(!ensure_host_alias(cluster, &target).await.unwrap());
    assert_eq!(cluster.writes().count(), writes);
    await_host_alias(cluster, 2 * MINUTE, aloud()).await.unwrap();
    timed("host.internal in CoreDNS", began);

    let docker = docker().await;
    let load = || load_into_nodes(&docker, BASE, &facts.nodes, MINUTE, aloud());
    assert!(tokio::time::timeout(Duration::from_millis(700), load()).await.is_err());
    let (_, images) = docker_says(&["exec", &facts.nodes[0], "ctr", "-n", "k8s.io", "images", "ls", "-q"]);
    assert!(!images.contains(BASE), "half an image has no name");
    let began = Instant::now();
    let loaded = load().await.unwrap();
    timed(&format!("load of testbed/base, {} MB", loaded[0].bytes >> 20), began);
    let asks = json!(["getent", "hosts", "host.internal"]);
    let said = run_pod(cluster, "asks", json!({"image": BASE, "command": asks})).await;
    let address = facts.host_address.unwrap().to_string();
    assert!(said.starts_with(&address) && said.contains("host.internal"), "{said}");
}

/// Runs a pod to its end and returns its log.
async fn run_pod(cluster: &Cluster, name: &str, mut container: Value) -> String {
    let pods: kube::Api<Pod> = kube::Api::namespaced(cluster.client(), "default");
    container["name"] = json!(name);
    container["imagePullPolicy"] = json!("Never");
    let pod = json!({
        "metadata": {"name": name},
        "spec": {"restartPolicy": "Never", "containers": [container]},
    });
    let pod: Pod = serde_json::from_value(pod).unwrap();
    until("default/default", async || pods.create(&PostParams::default(), &pod).await.is_ok()).await;
    until(name, async || {
        let phase = pods.get(name).await.unwrap().status.unwrap_or_default().phase.unwrap_or_default();
        phase == "Succeeded" || phase == "Failed"
    })
    .await;
    let said = pods.logs(name, &LogParams::default()).await.unwrap();
    pods.delete(name, &DeleteParams::default().grace_period(0)).await.unwrap();
    said
}

async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < 2 * MINUTE, "{what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The mocks in the cluster answer on this machine's port, by our image and the mapped node port.
async fn a_pod_of_our_image_is_reached(cluster: &Cluster, facts: &KindFacts, reference: &str) {
    let client = cluster.client();
    let pods: kube::Api<Pod> = kube::Api::namespaced(client.clone(), "default");
    let services: kube::Api<k8s_openapi::api::core::v1::Service> = kube::Api::namespaced(client, "default");
    let pod = json!({
        "metadata": {"name": "mocks", "labels": {"app": "mocks"}},
        "spec": {"containers": [{
            "name": "mocks",
            "image": reference,
            "imagePullPolicy": "Never",
            "args": ["mock", "--address", "0.0.0.0"],
            "securityContext": {"runAsNonRoot": true, "readOnlyRootFilesystem": true},
        }]},
    });
    let service = json!({
        "metadata": {"name": "mocks"},
        "spec": {"type": "NodePort", "selector": {"app": "mocks"},
                 "ports": [{"port": 80, "targetPort": OPENAI, "nodePort": NODE_PORT}]},
    });
    pods.create(&PostParams::default(), &serde_json::from_value(pod).unwrap()).await.unwrap();
    services.create(&PostParams::default(), &serde_json::from_value(service).unwrap()).await.unwrap();
    let client = reqwest::Client::builder().no_proxy().tls_certs_only([]).build().unwrap();
    let url = format!("http://127.0.0.1:{}/v1/models", facts.host_port(NODE_PORT).unwrap());
    let began = Instant::now();
    until(&url, async || {
        let answer = client.get(&url).bearer_auth("sk-test").timeout(Duration::from_secs(2)).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    })
    .await;
    timed("first answer of the mocks in the cluster", began);
}

/// Something with a shell, large enough to be interrupted.
const BASE: &str = "testbed/base:1";
/// The port of the OpenAI mock.
const OPENAI: u16 = 9101;

async fn a_stopped_node_is_started_again(kind: &Kind, wanted: &KindSpec) {
    let node = &kind.node_names()[0];
    for stop in [&["pause", node][..], &["stop", "-t", "2", node]] {
        assert!(docker_says(stop).0);
        assert!(matches!(kind.observe().await.unwrap(), KindObserved::Broken(_)));
        let began = Instant::now();
        let (_, changed) = kind.ensure(wanted, aloud()).await.unwrap();
        timed(&format!("after docker {}", stop[0]), began);
        assert!(changed);
        assert!(matches!(kind.observe().await.unwrap(), KindObserved::Running(_)));
    }
}

#[tokio::test]
#[ignore = "takes three minutes: a dead API is given time to come back"]
async fn a_cluster_whose_api_is_dead_is_made_anew() {
    if !really() {
        return;
    }
    let _alone = ONE_AT_A_TIME.lock().await;
    let _removed = Removed;
    let home = tempfile::tempdir().unwrap();
    let kind = provider(home.path()).await;
    let wanted = spec(&kind, HostPort::From(18080)).await;
    let (facts, _) = kind.ensure(&wanted, quiet()).await.unwrap();
    kind.settle(quiet()).await.unwrap();
    let manifest = "/etc/kubernetes/manifests/kube-apiserver.yaml";
    assert!(docker_says(&["exec", &facts.nodes[0], "rm", manifest]).0);
    until("the API is gone", async || matches!(kind.observe().await.unwrap(), KindObserved::Broken(_))).await;
    let (_, changed) = kind.ensure(&wanted, aloud()).await.unwrap();
    assert!(changed);
    assert!(kind.remove().await.unwrap());
    nothing_is_left(home.path());
}

/// With another record than that of its maker, the cluster is a stranger's.
async fn what_is_not_ours_is_left_alone(kind: &Kind, wanted: &KindSpec, home: &Path) {
    let path = home.join("kind.json");
    let record = std::fs::read_to_string(&path).unwrap();
    let mut other: Value = serde_json::from_str(&record).unwrap();
    other["id"] = json!("another");
    let refuses = async || {
        let up = kind.ensure(wanted, quiet()).await.unwrap_err();
        let down = kind.remove().await.unwrap_err();
        for refused in [up, down] {
            assert!(matches!(refused, ProviderError::Kind(KindError::NotOurs { .. })), "{refused}");
        }
    };
    std::fs::write(&path, other.to_string()).unwrap();
    refuses().await;
    std::fs::remove_file(&path).unwrap();
    refuses().await;
    std::fs::write(&path, record).unwrap();
}

fn volumes_of(node: &str) -> Vec<String> {
    let names = "{{range .Mounts}}{{if eq .Type \"volume\"}}{{.Name}} {{end}}{{end}}";
    docker_says(&["inspect", "-f", names, node]).1.split_whitespace().map(str::to_owned).collect()
}

/// Whether kind's network is there although no container uses it.
fn has_network() -> bool {
    let unused = docker_says(&["ps", "-aq", "--filter", "network=kind"]).1.is_empty();
    unused && docker_says(&["network", "inspect", "kind"]).0
}

fn nothing_is_left(home: &Path) {
    let (_, containers) = docker_says(&["ps", "-aq", "--filter", &format!("label=io.x-k8s.kind.cluster={CLUSTER}")]);
    assert_eq!(containers, "");
    assert_eq!(std::fs::read_dir(home).unwrap().count(), 0);
}

#[tokio::test]
async fn what_kind_cannot_make_is_told_and_leaves_nothing() {
    if !really() {
        return;
    }
    let _alone = ONE_AT_A_TIME.lock().await;
    let home = tempfile::tempdir().unwrap();
    let kind = provider(home.path()).await;
    let mut wanted = spec(&kind, HostPort::From(18080)).await;
    wanted.image.reference = BASE.to_owned();
    wanted.image.source = NodeImageSource::Named;
    let refused = kind.ensure(&wanted, quiet()).await.unwrap_err();
    println!("  {refused}");
    assert!(matches!(refused, ProviderError::Kind(KindError::Create { .. })), "{refused:?}");
    assert_eq!(kind.observe().await.unwrap(), KindObserved::Absent);

    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let refused = kind.ensure(&spec(&kind, HostPort::Exact(port)).await, quiet()).await.unwrap_err();
    assert!(matches!(refused, ProviderError::PortTaken { port: told } if told == port), "{refused:?}");
    assert!(kind.remove().await.unwrap(), "the record of the failed one");
    nothing_is_left(home.path());
}

/// Not a test by itself: the run that is killed.
#[tokio::test]
async fn a_run_that_is_killed() {
    let Some(home) = std::env::var_os("AGW_TEST_KILLED_HOME") else { return };
    let kind = provider(Path::new(&home)).await;
    kind.ensure(&spec(&kind, HostPort::From(18080)).await, quiet()).await.unwrap();
    kind.settle(quiet()).await.unwrap();
}

#[tokio::test]
async fn what_an_interruption_leaves_is_finished_or_made_anew() {
    if !really() {
        return;
    }
    let _alone = ONE_AT_A_TIME.lock().await;
    let _removed = Removed;
    let home = tempfile::tempdir().unwrap();
    let kind = provider(home.path()).await;
    let wanted = spec(&kind, HostPort::From(18080)).await;

    let had_network = has_network();
    // Dropped in the middle: kind ends with us, and what it left is nothing, or half made.
    for seconds in [0.2, 0.5, 0.8, 1.2, 2.0, 6.0] {
        let dropped = tokio::time::timeout(Duration::from_secs_f64(seconds), kind.ensure(&wanted, quiet())).await;
        assert!(dropped.is_err());
        let left = kind.observe().await.unwrap();
        println!("  dropped after {seconds} s: {left:?}");
        assert!(matches!(left, KindObserved::Broken(_) | KindObserved::Absent));
    }

    // Killed in the middle of making it anew: kind goes on, and the next run takes what it made.
    let mut run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kind::a_run_that_is_killed", "--nocapture"])
        .env("AGW_TEST_KILLED_HOME", home.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    tokio::time::sleep(Duration::from_secs(8)).await;
    run.kill().unwrap();
    run.wait().unwrap();
    let began = Instant::now();
    let (facts, changed) = kind.ensure(&wanted, aloud()).await.unwrap();
    kind.settle(quiet()).await.unwrap();
    timed("after being killed", began);
    assert!(changed);
    assert_eq!(kind.observe().await.unwrap(), KindObserved::Running(facts));
    assert!(kind.remove().await.unwrap());
    assert!(!has_network() || had_network);
    nothing_is_left(home.path());
}
