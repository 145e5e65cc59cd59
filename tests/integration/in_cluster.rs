//! The reference gateway as a controller in a real cluster: made by the manifests of this program, with a proxy in a pod for
//! each Gateway.

mod lines;
mod stand;
mod supply;

use agw_sandbox::exchange::{Lane, MockAdmin};
use serde_json::{Value, json};
use stand::{Stand, TOKEN, until};
use std::time::{Duration, Instant};

/// The node port of the Gateway in [`GATEWAY`].
const NODE_PORT: u16 = 30080;

const GATEWAY: &str = "
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayParameters
metadata: {name: ai-gateway, namespace: default}
spec: {service: {spec: {type: NodePort, ports: [{port: 80, nodePort: 30080}]}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: ai-gateway, namespace: default}
spec:
  gatewayClassName: agentgateway
  infrastructure: {parametersRef: {group: agentgateway.dev, kind: AgentgatewayParameters, name: ai-gateway}}
  listeners: [{name: http, protocol: HTTP, port: 80}]
---
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayBackend
metadata: {name: openai, namespace: default}
spec: {ai: {provider: {openai: {}, host: openai.agw-mocks.svc.cluster.local, port: 80, pathPrefix: /v1}}, policies: {auth: {key: sk-test}}}
";

#[tokio::test(flavor = "multi_thread")]
async fn the_reference_gateway_lives_in_a_real_cluster() {
    if std::env::var_os("AGW_REAL").is_none() {
        return println!("skipped: AGW_REAL=1 is not set");
    }
    let stand = match Stand::start().await {
        Ok(stand) => stand,
        Err(reason) => return println!("skipped: {reason}"),
    };
    stand.timed("installed", install(&stand)).await;
    stand.timed("Gateway answers", gateway_answers(&stand)).await;
    stand.timed("statuses keep their word", statuses_keep_their_word(&stand)).await;
    stand.timed("statuses wait for proxies", statuses_wait_for_proxies(&stand)).await;
    stand.timed("recorder", recorder_is_reached(&stand)).await;
    stand.timed("mutants", mutants_act(&stand)).await;
    stand.timed("restart under traffic", a_restart_loses_nothing(&stand)).await;
    stand.timed("removal", a_gateway_takes_its_objects_along(&stand)).await;
}

/// The mocks by their manifests; their Deployment waits for nothing else.
fn install_mocks(stand: &Stand) {
    stand.apply_objects(&stand.install.mocks().unwrap()[..1]);
    let secret = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": {"name": "agw-mocks-admin", "namespace": "agw-mocks"},
        "stringData": {"token": TOKEN},
    });
    stand.apply_objects(&[secret]);
    stand.apply_objects(&stand.install.mocks().unwrap());
}

/// Controller and mocks by their manifests, up to an accepted GatewayClass.
async fn install(stand: &Stand) {
    install_mocks(stand);
    stand.apply_objects(&stand.install.controller().unwrap());
    stand.available("agentgateway-system", "agentgateway").await;
    until("the class is accepted", || {
        let class = stand.get(&["gatewayclass", "agentgateway"])?;
        condition(&class["status"], "Accepted").filter(|accepted| accepted == "True Accepted")
    })
    .await;
    stand.available("agw-mocks", "agw-mocks").await;
    let lease = stand.get(&["-n", "agentgateway-system", "lease", "agentgateway-agentgateway"]).unwrap();
    assert!(lease["spec"]["holderIdentity"].as_str().unwrap().starts_with("agentgateway-"), "{lease}");
}

async fn gateway_answers(stand: &Stand) {
    let began = Instant::now();
    stand.apply(GATEWAY);
    stand.apply(&route("first", "/first"));
    until("the Gateway is programmed", || {
        let gateway = stand.get(&["gateway", "ai-gateway"])?;
        let status = &gateway["status"];
        let said =
            condition(status, "Accepted")? == "True Accepted" && condition(status, "Programmed")? == "True Programmed";
        let address = status["addresses"][0]["value"].as_str()?;
        said.then(|| assert!(address.parse::<std::net::IpAddr>().is_ok(), "{address}"))
    })
    .await;
    println!("    Programmed after {:.2} s", began.elapsed().as_secs_f64());
    stand.available("default", "ai-gateway").await;
    println!("    Available after {:.2} s", began.elapsed().as_secs_f64());
    let deployment = stand.get(&["deployment", "ai-gateway"]).unwrap();
    let container = &deployment["spec"]["template"]["spec"]["containers"][0];
    assert_eq!((container["name"].as_str(), container["image"].as_str()), (Some("agentgateway"), Some(stand.image())));
    until("a request is answered", || stand.try_chat("/first").filter(|status| *status == 200)).await;
    println!("    first answer after {:.2} s", began.elapsed().as_secs_f64());
}

/// A route that is accepted is served, and one that is deleted is not any more once its Gateway counts one less.
async fn statuses_keep_their_word(stand: &Stand) {
    let mut waits = Vec::new();
    for turn in 0..20 {
        let (name, path) = (format!("turn-{turn}"), format!("/turn/{turn}"));
        let document = serde_yaml::from_str(&route(&name, &path)).unwrap();
        let began = Instant::now();
        stand.accepted(&name, &document).await;
        waits.push(began.elapsed().as_secs_f64());
        assert_eq!(stand.try_chat(&path), Some(200), "{name} was accepted and is not served");
    }
    waits.sort_by(f64::total_cmp);
    println!("    from applying a route to Accepted: median {:.3} s, worst {:.3} s", waits[10], waits[19]);
}

/// Nothing is said of a route while the proxy is too slow to serve it.
async fn statuses_wait_for_proxies(stand: &Stand) {
    let document = serde_yaml::from_str(&route("late", "/late")).unwrap();
    stand.signal_proxies("STOP");
    let mut accepted = std::pin::pin!(stand.accepted("late", &document));
    let early = tokio::time::timeout(Duration::from_millis(1500), &mut accepted).await;
    stand.signal_proxies("CONT");
    assert!(early.is_err(), "a route was accepted that nobody serves");
    accepted.await;
    assert_eq!(stand.try_chat("/late"), Some(200));
    stand.kubectl(&["delete", "httproute", "late"], None).unwrap();
}

async fn recorder_is_reached(stand: &Stand) {
    let port = stand.forward("agw-mocks", "svc/agw-mocks-admin", 9190).await;
    let admin = MockAdmin::new(&format!("http://127.0.0.1:{port}"), Some(TOKEN.to_owned())).unwrap();
    let recorded = admin.exchanges(&Lane::named("agw-mocks"), "openai").await.unwrap();
    assert!(!recorded.is_empty(), "the mocks recorded nothing");
    let stranger = MockAdmin::new(&format!("http://127.0.0.1:{port}"), Some("wrong".to_owned())).unwrap();
    assert!(stranger.exchanges(&Lane::named("agw-mocks"), "openai").await.is_err());
}

async fn mutants_act(stand: &Stand) {
    assert_eq!(stand.get_status("/nowhere"), Some(404));
    stand.misbehave("not-found-hidden").await;
    assert_eq!(stand.get_status("/nowhere"), Some(200));
    stand.misbehave("attached-routes-off-by-one").await;
    assert_eq!(stand.get_status("/nowhere"), Some(404));
    let attached = || {
        let gateway = stand.get(&["gateway", "ai-gateway"])?;
        gateway["status"]["listeners"][0]["attachedRoutes"].as_u64()
    };
    assert_eq!(attached(), Some(22));
    stand.misbehave("").await;
    assert_eq!(attached(), Some(21));
    stand.set_mutant("nonsense");
    until("the mutant is refused", || stand.mutant_status().filter(|text| text == "there is no mutant `nonsense`"))
        .await;
    stand.misbehave("").await;
}

/// A proxy that is replaced answers all that comes to it until nothing comes any more.
async fn a_restart_loses_nothing(stand: &Stand) {
    stand.kubectl(&["rollout", "restart", "deployment/ai-gateway"], None).unwrap();
    let (mut requests, end) = (0, Instant::now() + Duration::from_secs(8));
    while Instant::now() < end {
        assert_eq!(stand.try_chat("/first"), Some(200), "after {requests} requests");
        requests += 1;
    }
    println!("    {requests} requests during a restart");
}

async fn a_gateway_takes_its_objects_along(stand: &Stand) {
    let permission = ["clusterrolebinding", "agw-sandbox-proxy:default:ai-gateway"];
    assert!(stand.get(&permission).is_some());
    stand.kubectl(&["delete", "gateway", "ai-gateway", "--wait=true"], None).unwrap();
    let kinds = "deployment,service,serviceaccount,configmap,secret";
    let label = "gateway.networking.k8s.io/gateway-name=ai-gateway";
    until("its objects are gone", || {
        let left = stand.get(&[kinds, "-l", label])?;
        left["items"].as_array()?.is_empty().then_some(())
    })
    .await;
    until("its permission is gone", || stand.get(&permission).is_none().then_some(())).await;
    until("no route speaks of it", || {
        let route = stand.get(&["httproute", "first"])?;
        route["status"]["parents"].as_array().is_none_or(Vec::is_empty).then_some(())
    })
    .await;
}

fn route(name: &str, path: &str) -> String {
    format!(
        "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {{name: {name}, namespace: default}}
spec:
  parentRefs: [{{name: ai-gateway}}]
  rules:
  - matches: [{{path: {{type: PathPrefix, value: {path}}}}}]
    backendRefs: [{{group: agentgateway.dev, kind: AgentgatewayBackend, name: openai}}]
"
    )
}

/// `status reason` of a condition.
fn condition(holder: &Value, kind: &str) -> Option<String> {
    let conditions = holder["conditions"].as_array()?;
    let found = conditions.iter().find(|condition| condition["type"] == kind)?;
    Some(format!("{} {}", found["status"].as_str()?, found["reason"].as_str()?))
}
