//! Release lines on a real cluster with their charts: real kind, real Helm, a real registry. `AGW_REAL=1` runs it.

use crate::kind::ONE_AT_A_TIME;
use crate::support::{Mirror, Ran, Sandbox, path_with_helm};
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

    /// Up, proved by all scenarios; again without a write; down without a trace.
    #[track_caller]
    fn lives(&self, line: &str) {
        let up = self.run(&format!("up --profile ci --release {line} --output json")).succeeds();
        assert_eq!(up.last_event("up.finished")["ok"], Value::Bool(true));
        let again = self.run(&format!("up --profile ci --release {line} --output json")).succeeds();
        assert_eq!(again.last_event("up.finished")["writes"], 0, "{}", again.stdout());
        let controller =
            self.kubectl("get deployment agentgateway -n agentgateway-system -o jsonpath={.status.availableReplicas}");
        assert_eq!(controller, "1");
        let all = self.kubectl("get deployment,service,serviceaccount -n agw-sandbox -o name");
        for object in ["deployment.apps/ai-gateway", "service/ai-gateway", "serviceaccount/ai-gateway"] {
            assert!(all.contains(object), "no {object} in {all}");
        }
        self.run("test").succeeds().says("0 failed");
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
