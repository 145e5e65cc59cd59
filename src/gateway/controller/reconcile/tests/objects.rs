//! Objects of a Gateway, and what is reported of a proxy in the same process.

use super::*;

const NAMES: [(Kind, &str); 6] = [
    (Kind::ServiceAccount, "gw"),
    (Kind::ConfigMap, "gw"),
    (Kind::ConfigMap, "gw-xds-ca"),
    (Kind::Secret, "gw-session-key"),
    (Kind::Service, "gw"),
    (Kind::Deployment, "gw"),
];

fn object(case: &Case, kind: Kind, name: &str) -> Value {
    case.desired().objects[&ObjectKey::new(kind, "ns", name)].clone()
}

#[test]
fn a_gateway_gets_its_six_objects() {
    let desired = cluster("").desired();
    assert_eq!(desired.objects.len(), NAMES.len());
    for (kind, name) in NAMES {
        let object = &desired.objects[&ObjectKey::new(kind, "ns", name)];
        let owner = &object["metadata"]["ownerReferences"][0];
        assert_eq!((owner["kind"].as_str(), owner["uid"].as_str()), (Some("Gateway"), Some("g")), "{name}");
        let labels = object["metadata"]["labels"].as_object().unwrap();
        assert_eq!(labels["gateway.networking.k8s.io/gateway-name"], "gw", "{name}");
        assert_eq!(labels.len(), if name == "gw-session-key" { 2 } else { 6 }, "{name}");
    }
    let service = object(&cluster(""), Kind::Service, "gw");
    assert_eq!(service["spec"]["type"], "LoadBalancer");
    assert_eq!(service["spec"]["ports"][0]["name"], "listener-8080");
    let config = object(&cluster(""), Kind::ConfigMap, "gw");
    assert_eq!(config["data"]["config.yaml"], "config: {}\n");
}

#[test]
fn parameters_are_laid_over_generated_objects() {
    let parameters = "
apiVersion: agentgateway.dev/v1alpha1
kind: AgentgatewayParameters
metadata: {name: p, namespace: ns}
spec:
  env: [{name: RUST_LOG, value: debug}]
  service: {spec: {type: NodePort, ports: [{port: 8080, nodePort: 30080}]}}
  deployment: {spec: {template: {spec: {hostAliases: [{ip: 172.18.0.1, hostnames: [host.internal]}]}}}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gw, namespace: ns, uid: g}
spec:
  gatewayClassName: agentgateway
  infrastructure: {labels: {team: a}, parametersRef: {group: agentgateway.dev, kind: AgentgatewayParameters, name: p}}
  listeners: [{name: http, protocol: HTTP, port: 8080}]
";
    let case = cluster(parameters);
    let port = &object(&case, Kind::Service, "gw")["spec"]["ports"][0];
    assert_eq!((port["name"].as_str(), port["nodePort"].as_u64()), (Some("listener-8080"), Some(30_080)));
    let deployment = object(&case, Kind::Deployment, "gw");
    assert_eq!(deployment["metadata"]["labels"]["team"], "a");
    let env = deployment["spec"]["template"]["spec"]["containers"][0]["env"].as_array().unwrap();
    let levels: Vec<_> = env.iter().filter(|entry| entry["name"] == "RUST_LOG").collect();
    assert_eq!((levels.len(), levels[0]["value"].as_str()), (1, Some("debug")));
    assert_eq!(case.desired().table.aliases["host.internal"], "172.18.0.1");
}

#[test]
fn the_session_key_is_made_once() {
    let mut case = cluster("");
    case.1.fresh = [1; 32];
    let secret = object(&case, Kind::Secret, "gw-session-key");
    case.0.insert(Kind::Secret, secret.clone()).unwrap();
    case.1.fresh = [2; 32];
    assert_eq!(object(&case, Kind::Secret, "gw-session-key"), secret);
}

#[test]
fn a_proxy_in_this_process_is_reported_as_kubelet_and_balancer_would() {
    let live = "---\n{apiVersion: apps/v1, kind: Deployment, metadata: {name: gw, namespace: ns, generation: 4}}\n";
    let mut case = cluster(live);
    case.1.in_process_proxy = true;
    case.1.address = Some([127, 0, 0, 1].into());
    assert_eq!(case.status(Kind::Deployment, "gw"), Value::Null, "nothing is known yet");

    case.1.bound.insert(8080, Err("port 8080 is in use".to_owned()));
    let failed = case.status(Kind::Deployment, "gw");
    assert!(told(&failed["conditions"])[0].starts_with("Available=False MinimumReplicasUnavailable"));
    assert_eq!(told(&failed["conditions"])[2], "ReplicaFailure=True FailedCreate port 8080 is in use");
    assert_eq!(case.status(Kind::Service, "gw"), Value::Null);

    case.1.bound.insert(8080, Ok(([127, 0, 0, 1], 41_234).into()));
    let available = case.status(Kind::Deployment, "gw");
    let message = "Available=True MinimumReplicasAvailable Deployment has minimum availability.";
    assert_eq!(told(&available["conditions"])[0], message);
    assert_eq!((available["observedGeneration"].as_i64(), available["readyReplicas"].as_i64()), (Some(4), Some(1)));
    assert_eq!(case.status(Kind::Service, "gw")["loadBalancer"]["ingress"][0]["ip"], "127.0.0.1");
    assert_eq!(object(&case, Kind::Service, "gw")["spec"]["ports"][0]["nodePort"], 41_234);
}

#[test]
fn addresses_follow_the_service() {
    let service =
        |spec: &str| format!("---\n{{apiVersion: v1, kind: Service, metadata: {{name: gw, namespace: ns}}, {spec}}}\n");
    for (spec, address) in [
        ("spec: {type: LoadBalancer, clusterIP: 10.0.0.9}", Value::Null),
        ("spec: {type: LoadBalancer}, status: {loadBalancer: {ingress: [{ip: 1.2.3.4}]}}", "1.2.3.4".into()),
        ("spec: {type: NodePort, clusterIP: 10.0.0.9}", "10.0.0.9".into()),
    ] {
        let status = cluster(&service(spec)).status(Kind::Gateway, "gw");
        assert_eq!(status["addresses"][0]["value"], address, "{spec}");
    }
}

#[test]
fn objects_whose_gateway_is_gone_go_too() {
    let owned = |name: &str, uid: &str| {
        format!(
            "---\n{{apiVersion: v1, kind: ConfigMap, metadata: {{name: {name}, namespace: ns, labels: {{gateway.networking.k8s.io/gateway-name: {name}}}, ownerReferences: [{{kind: Gateway, uid: {uid}, controller: true}}]}}}}\n"
        )
    };
    let doomed = cluster(&(owned("gw", "g") + &owned("old", "gone"))).desired().doomed;
    assert_eq!(doomed.into_iter().collect::<Vec<_>>(), [ObjectKey::new(Kind::ConfigMap, "ns", "old")]);
}
