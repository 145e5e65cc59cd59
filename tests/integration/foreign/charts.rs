//! A release's own charts on a cluster of others that has Gateway API already.

use super::stand::Foreign;
use crate::support::{Mirror, Ran, Sandbox, upstream};

const PROFILE: &str = "schema: agw-sandbox/v1\nkind: Profile\nextends: ci\nscenarios: [INS-02, OAI-01]\n";
/// What others have of Gateway API: a class, and a Gateway of it that no controller serves.
const OF_OTHERS: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: theirs}
spec: {controllerName: example.test/theirs}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: theirs, namespace: theirs}
spec: {gatewayClassName: theirs, listeners: [{name: http, port: 80, protocol: HTTP}]}
";
/// Everything of theirs with the version of its last change.
const VERSIONS: &str = "get crd,gatewayclass,gateway -n theirs -o \
    jsonpath={range.items[*]}{.kind}/{.metadata.name}:{.metadata.resourceVersion}{\"\\n\"}{end}";

/// Brings a release up by Helm out of a mirror, and takes it away again.
pub async fn beside_what_others_have(foreign: &Foreign) {
    let Some(mirror) = Mirror::start().await else { return };
    let Some(mirror) = mirror.with("agentgateway-1.4", "1.4.1").await else { return };
    let home = Sandbox::new();
    let definitions = upstream().join("crds/gateway-api/v1.5.1/standard-install.yaml");
    foreign.kubectl(&format!("apply --server-side -f {}", definitions.display()));
    foreign.kubectl("wait crd --all --for condition=Established --timeout 30s");
    foreign.apply(&home, "theirs.yaml", OF_OTHERS);
    let (before, versions) = (foreign.inventory(), foreign.kubectl(VERSIONS));
    let of_mirror = mirror.variables();
    let kubeconfig = foreign.kubeconfig();
    let mut variables: Vec<_> = of_mirror.iter().map(|(name, value)| (*name, value.as_str())).collect();
    variables.push(("KUBECONFIG", kubeconfig.to_str().unwrap()));
    let run = |arguments: &str| -> Ran { home.run_with(arguments, &variables) };

    let profile = home.file("charts.yaml", PROFILE);
    let up = format!(
        "up --provider context --context kind-foreign --release agentgateway-1.4 --profile {} --output json",
        profile.display()
    );
    run(&up).exits(9).says("PROVIDER-32");
    let finished = run(&format!("{up} --yes")).succeeds().last_event("up.finished");
    assert_eq!(finished["ok"], true, "{finished}");
    let releases = "get secret -A -l owner=helm -o jsonpath={.items[*].metadata.labels.name}";
    assert!(foreign.kubectl(releases).contains("agentgateway"));
    assert_eq!(run(&up).succeeds().last_event("up.finished")["writes"], 0);

    let finished = run("down --output json").succeeds().last_event("down.finished");
    assert_eq!(finished["stays"], serde_json::json!([]), "{finished}");
    assert_eq!(foreign.kubectl(releases), "");
    assert_eq!(foreign.changes_since(&before), Vec::<String>::new());
    assert_eq!(foreign.kubectl(VERSIONS), versions);
    assert_eq!(foreign.kubectl("get gatewayclass -o name").trim(), "gatewayclass.gateway.networking.k8s.io/theirs");
}
