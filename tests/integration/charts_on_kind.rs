//! Release lines on a real cluster with their charts: real kind, real Helm, a real registry. `AGW_REAL=1` runs it.

use crate::kind::ONE_AT_A_TIME;
use crate::support::{Mirror, Ran, Sandbox, changed_chart, path_with_helm};
use serde_json::Value;
use std::process::Command;

/// A sandbox with a mirror and one of the two Helms.
struct Stage {
    sandbox: Sandbox,
    mirror: Mirror,
    path: String,
}

impl Stage {
    async fn of(line: &str, version: &str, helm: &str) -> Option<Self> {
        let mirror = Mirror::start().await?.with(line, version).await?;
        let sandbox = Sandbox::new();
        let folder = sandbox.path(helm);
        std::fs::create_dir(&folder).unwrap();
        let Some(path) = path_with_helm(&folder, helm) else {
            println!("skipped: no {helm}");
            return None;
        };
        Some(Self { sandbox, mirror, path })
    }

    #[track_caller]
    fn run(&self, arguments: &str) -> Ran {
        let variables = self.mirror.variables();
        let mut all: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        all.push(("PATH", &self.path));
        self.sandbox.run_with(&format!("--sandbox charts {arguments}"), &all)
    }

    #[track_caller]
    fn kubectl(&self, arguments: &str) -> String {
        let kubeconfig = self.sandbox.state().join("charts/kubeconfig");
        let output =
            Command::new("kubectl").args(arguments.split_whitespace()).env("KUBECONFIG", kubeconfig).output().unwrap();
        assert!(output.status.success(), "kubectl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// The last event of a command that ends with this exit code.
    #[track_caller]
    fn ends(&self, arguments: &str, exit: i32) -> Value {
        self.run(&format!("{arguments} --output json")).exits(exit).events().pop().unwrap()
    }

    /// Up, proved by the smoke scenarios (all of them run in `scripts/ci-kind`); again without a write; down without a trace.
    #[track_caller]
    fn lives(&self, line: &str) {
        let up = format!("up --profile ci --release {line}");
        assert_eq!(self.ends(&up, 0)["ok"], true);
        assert_eq!(self.ends(&up, 0)["writes"], 0);
        let controller =
            self.kubectl("get deployment agentgateway -n agentgateway-system -o jsonpath={.status.availableReplicas}");
        assert_eq!(controller, "1");
        let all = self.kubectl("get deployment,service,serviceaccount -n agw-sandbox -o name");
        for object in ["deployment.apps/ai-gateway", "service/ai-gateway", "serviceaccount/ai-gateway"] {
            assert!(all.contains(object), "no {object} in {all}");
        }
        self.run("test smoke").succeeds().says("0 failed");
        self.run("down").succeeds();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn agentgateway_1_4_with_helm_4() {
    let Some(stage) = Stage::of("agentgateway-1.4", "1.4.1", "helm").await else { return };
    let _alone = ONE_AT_A_TIME.lock().await;
    stage.lives("agentgateway-1.4");
}

#[tokio::test(flavor = "multi_thread")]
async fn agentgateway_2_2_with_helm_3() {
    let Some(stage) = Stage::of("agentgateway-2.2", "2.2.9", "helm3").await else { return };
    let _alone = ONE_AT_A_TIME.lock().await;
    stage.lives("agentgateway-2.2");
}

/// The line before the split: one controller with other kinds, whose routes and policies are asked for by hand.
#[tokio::test(flavor = "multi_thread")]
async fn kgateway_2_1_with_helm_4() {
    let Some(stage) = Stage::of("kgateway-2.1", "2.1.3", "helm").await else { return };
    let _alone = ONE_AT_A_TIME.lock().await;
    assert_eq!(stage.ends("up --profile ci --release kgateway-2.1", 0)["ok"], true);
    assert_eq!(stage.ends("up --profile ci --release kgateway-2.1", 0)["writes"], 0);
    let accepted = "jsonpath={.status.conditions[?(@.type==\"Accepted\")].status}";
    assert_eq!(stage.kubectl(&format!("get gatewayclass agentgateway -o {accepted}")), "True");
    assert_eq!(stage.kubectl(&format!("get gateway ai-gateway -n agw-sandbox -o {accepted}")), "True");
    assert_eq!(
        stage.kubectl("get deployment kgateway -n kgateway-system -o jsonpath={.status.availableReplicas}"),
        "1"
    );
    stage.run("test smoke").succeeds().says("0 failed");
    stage.run("down").succeeds();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_does_not_exist_is_answered_before_a_cluster_is_made() {
    let Some(stage) = Stage::of("agentgateway-1.4", "1.4.1", "helm").await else { return };
    stage
        .sandbox
        .file("next.yaml", "schema: agw-sandbox/v1\nkind: Profile\nextends: ci\nrelease: agentgateway 1.4.9\n");
    let next = stage.sandbox.path("next.yaml");
    let finished = stage.ends(&format!("up --profile {}", next.display()), 3);
    let error = finished["error"].to_string();
    assert!(error.contains("CHART-13") || error.contains("CHART-02"), "{error}");
    stage.run(&format!("up --profile {}", next.display())).exits(3).says("1.4.9").says("1.4.1");
    let clusters = Command::new("kind").args(["get", "clusters"]).output().unwrap();
    assert!(!String::from_utf8_lossy(&clusters.stdout).contains("agw-charts"));
}

/// Only the content of the mirror says what a chart is: with one object renamed it is another one.
#[tokio::test(flavor = "multi_thread")]
async fn a_chart_with_one_object_renamed_is_refused_by_name() {
    let Some(stage) = Stage::of("agentgateway-1.4", "1.4.1", "helm").await else { return };
    let _alone = ONE_AT_A_TIME.lock().await;
    let name = "name: {{ include \"agentgateway.name\" . }}";
    let renamed = changed_chart("1.4.1", "templates/service.yaml", name, "name: another-name");
    stage.mirror.registry.push_chart("charts/agentgateway", &["1.4.1", "v1.4.1"], &renamed).await;
    let finished = stage.ends("up --profile ci --release agentgateway-1.4", 6);
    assert_eq!(finished["error"]["id"], "INSTALL-01", "{finished}");
    let message = finished["error"]["message"].as_str().unwrap();
    assert!(message.contains("does not bring Service agentgateway-system/agentgateway"), "{message}");
    stage.run("down").succeeds();
}

/// A maintainer's own chart, image and values are first class.
#[tokio::test(flavor = "multi_thread")]
async fn a_build_of_ones_own_is_installed() {
    let Some(stage) = Stage::of("agentgateway-1.4", "1.4.1", "helm").await else { return };
    let _alone = ONE_AT_A_TIME.lock().await;
    stage.mirror.local_image("my/controller:dev", "CMD [\"gateway\", \"controller\"]");
    let profile = stage.sandbox.file(
        "own.yaml",
        "schema: agw-sandbox/v1\nkind: Profile\nextends: ci\ncharts: {agentgateway: {values: {controller: {logLevel: debug}}}}\n",
    );
    let chart = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/charts/agentgateway");
    let own = format!("up --profile {} --chart {chart} --image controller=my/controller:dev", profile.display());
    assert_eq!(stage.ends(&own, 0)["ok"], true);
    let container = stage
        .kubectl("get deployment agentgateway -n agentgateway-system -o jsonpath={.spec.template.spec.containers[0]}");
    for expected in ["docker.io/my/controller:dev", "\"AGW_LOG_LEVEL\",\"value\":\"debug\""] {
        assert!(container.contains(expected), "no {expected} in {container}");
    }
    stage.run("down").succeeds();
}
