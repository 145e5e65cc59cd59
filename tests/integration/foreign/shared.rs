//! A real cluster that is not ours: refused, agreed to, used, and left as it was.

use super::{
    audit::writes,
    charts, orbstack,
    stand::{Foreign, USER},
};
use crate::{
    kind::{ONE_AT_A_TIME, really},
    support::{Ran, Sandbox},
};
use serde_json::Value;
use std::{
    process::Command,
    time::{Duration, Instant},
};

/// The two that show that the gateway and the way to the mocks work; all of them are for clusters of our own.
pub const PROFILE: &str = "schema: agw-sandbox/v1\nkind: Profile\nextends: ci-reference\nscenarios: [INS-02, OAI-01]\n";

/// A definition that we bring and others use.
const USED: &str = "httproutes.gateway.networking.k8s.io";
const ROUTE_OF_OTHERS: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: r, namespace: theirs}
spec: {parentRefs: [{name: nowhere}]}
";

#[tokio::test]
async fn a_cluster_of_others_is_used_and_left_as_it_was() {
    if !really() {
        return;
    }
    let _alone = ONE_AT_A_TIME.lock().await;
    let foreign = Foreign::start();
    let home = Sandbox::new();
    let profile = home.file("two.yaml", PROFILE);
    let up = format!("up --provider context --context kind-foreign --profile {}", profile.display());
    let kubeconfig = foreign.kubeconfig();
    let variables = [("KUBECONFIG", kubeconfig.to_str().unwrap())];
    let run = |arguments: &str| home.run_with(arguments, &variables);
    let of_user = std::fs::read(&kubeconfig).unwrap();
    let before = foreign.inventory();

    let writes_before = writes(&foreign.audit(), USER).len();
    run(&up).exits(9).says("PROVIDER-32");
    assert_eq!(writes(&foreign.audit(), USER).len(), writes_before, "a refusal writes nothing");

    run(&format!("{up} --yes")).succeeds().says("2 passed").says("left out: local");
    assert_eq!(foreign.kubectl("-n agw-mocks get service agw-mocks-admin -o jsonpath={.spec.type}"), "ClusterIP");
    again_changes_nothing(&run, &up);
    a_proved_way_is_taken(&foreign, &run);
    a_forwarded_port_survives_its_pod(&foreign, &home);

    foreign.kubectl("create namespace theirs");
    foreign.kubectl("create configmap x -n theirs");
    foreign.apply(&home, "route.yaml", ROUTE_OF_OTHERS);
    let forwarding = forwarding(&home);
    down_tells_what_it_waits_for_and_what_stays(&foreign, &run);
    foreign.kubectl(&format!("delete crd {USED}"));
    assert!(!std::path::Path::new(&format!("/proc/{}", forwarding["process"]["pid"])).exists());
    let theirs = [
        "+ ConfigMap theirs/kube-root-ca.crt",
        "+ ConfigMap theirs/x",
        "+ Namespace /theirs",
        "+ ServiceAccount theirs/default",
    ];
    assert_eq!(foreign.changes_since(&before), theirs);
    assert!(foreign.kubectl("get configmap x -n theirs").contains('x'));
    assert_eq!(std::fs::read(&kubeconfig).unwrap(), of_user);
    assert!(!home.state().exists());
    run("down").succeeds().says("nothing to do");

    orbstack::behind_a_faked_orbctl(&foreign);
    charts::beside_what_others_have(&foreign).await;
}

/// Something of ours goes late, and something of others is of a kind that we brought.
fn down_tells_what_it_waits_for_and_what_stays(foreign: &Foreign, run: &impl Fn(&str) -> Ran) {
    let finalizers = |names: &str| {
        let change = format!("{{\"metadata\":{{\"finalizers\":{names}}}}}");
        foreign.kubectl(&format!("patch configmap held -n agw-mocks --type merge -p {change}"));
    };
    foreign.kubectl("create configmap held -n agw-mocks");
    finalizers("[\"example.test/hold\"]");
    let ran = std::thread::scope(|scope| {
        scope.spawn(|| {
            // The cluster itself says what holds only after the pods are gone.
            let told = || foreign.kubectl("get namespace agw-mocks -o jsonpath={.status.conditions}");
            let began = Instant::now();
            while !told().contains("example.test/hold") && began.elapsed() < Duration::from_secs(60) {
                std::thread::sleep(Duration::from_millis(200));
            }
            std::thread::sleep(Duration::from_secs(2));
            finalizers("null");
        });
        run("down --output json")
    });
    let ran = ran.succeeds();
    let waits = ran.events().iter().any(|event| {
        let text = event["waits_for"].as_str().unwrap_or_default();
        event["event"] == "down.waiting" && text.contains("agw-mocks") && text.contains("example.test/hold")
    });
    assert!(waits, "{}", ran.stdout());
    let finished = ran.last_event("down.finished");
    let stays = format!("CustomResourceDefinition {USED}, which HTTPRoute theirs/r is of");
    assert_eq!(finished["stays"], serde_json::json!([stays]), "{finished}");
    assert!(finished["gone"].as_array().unwrap().contains(&Value::from("Namespace agw-mocks")), "{finished}");
}

fn again_changes_nothing(run: &impl Fn(&str) -> Ran, up: &str) {
    let finished = run(&format!("{up} --output json")).succeeds().last_event("up.finished");
    assert_eq!((&finished["writes"], &finished["ok"]), (&Value::from(0), &Value::from(true)), "{finished}");
    run("status").succeeds().says("gateway agw-sandbox/ai-gateway");
    run("env").succeeds().says("export AGW_SANDBOX_URL='http://");
}

/// Where Docker's addresses are this machine's own, the node leads to the gateway, and nothing has to be forwarded.
fn a_proved_way_is_taken(foreign: &Foreign, run: &impl Fn(&str) -> Ran) {
    if cfg!(target_os = "linux") {
        let address = "get node -o jsonpath={.items[0].status.addresses[?(@.type==\"InternalIP\")].address}";
        run("env").says(&format!("export AGW_SANDBOX_URL='http://{}:", foreign.kubectl(address)));
    }
}

fn forwarding(home: &Sandbox) -> Value {
    serde_json::from_slice(&std::fs::read(home.state().join("default/forward.json")).unwrap()).unwrap()
}

/// The way to the mocks' admin API is a forwarded port; it leads to the next pod by itself.
fn a_forwarded_port_survives_its_pod(foreign: &Foreign, home: &Sandbox) {
    let port = forwarding(home)["forwards"][0]["here"].as_u64().unwrap();
    let ask = || {
        let url = format!("http://127.0.0.1:{port}/healthz");
        let said =
            Command::new("curl").args(["-s", "-o", "/dev/null", "-m", "30", "-w", "%{http_code}", &url]).output();
        String::from_utf8_lossy(&said.unwrap().stdout).into_owned()
    };
    assert_eq!(ask(), "200");
    foreign.kubectl("-n agw-mocks delete pod --all --wait=false");
    let began = Instant::now();
    while ask() != "200" {
        assert!(began.elapsed() < Duration::from_secs(40), "the port does not come back");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert_eq!(forwarding(home)["forwards"][0]["here"], port);
}
