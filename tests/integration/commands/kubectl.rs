//! A real kubectl against a sandbox that is up.

use crate::support::{Ran, Sandbox};
use std::process::{Command, Stdio};

fn kubectl(sandbox: &Sandbox, arguments: &[&str], input: &str) -> Ran {
    let config = sandbox.run("kubeconfig").succeeds().stdout();
    let file = sandbox.file("input.yaml", input);
    let mut command = Command::new("kubectl");
    command.args(["--kubeconfig", config.trim(), "--request-timeout=20s"]).args(arguments);
    command.stdin(std::fs::File::open(file).unwrap()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Ran::new(format!("kubectl {}", arguments.join(" ")), command.output().unwrap())
}

const ROUTE: &str = "apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: mine, namespace: agw-sandbox}
spec:
  parentRefs: [{name: ai-gateway}]
  hostnames: [mine.test]
  rules: [{backendRefs: [{group: agentgateway.dev, kind: AgentgatewayBackend, name: openai}]}]
";

#[test]
fn kubectl_sees_and_changes_what_up_made() {
    if Command::new("kubectl").arg("version").arg("--client").output().is_err() {
        println!("skipped: there is no kubectl on this machine");
        return;
    }
    let sandbox = Sandbox::up();
    let all = "gateways,httproutes,agentgatewaybackends,agentgatewaypolicies";
    kubectl(&sandbox, &["get", all, "-A"], "").succeeds().says("ai-gateway").says("True");
    kubectl(&sandbox, &["explain", "httproute.spec.rules.matches"], "").succeeds().says("FIELDS:").says("path");
    kubectl(&sandbox, &["apply", "--server-side", "-f", "-"], ROUTE)
        .succeeds()
        .says("httproute.gateway.networking.k8s.io/mine serverside-applied");
    let accepted = "--for=jsonpath={.status.parents[0].conditions[?(@.type==\"Accepted\")].status}=True";
    kubectl(&sandbox, &["wait", "-n", "agw-sandbox", "httproute/mine", accepted, "--timeout=10s"], "").succeeds();
    let wrong = ROUTE.replace("hostnames:", "hostnamez:");
    let declared = ".spec.hostnamez: field not declared in schema";
    kubectl(&sandbox, &["apply", "--server-side", "-f", "-"], &wrong).exits(1).says(declared);
    let strict = "strict decoding error: unknown field \"spec.hostnamez\"";
    kubectl(&sandbox, &["create", "-f", "-"], &wrong.replace("mine", "other")).exits(1).says(strict);
    let watched = ["get", "httproutes", "-n", "agw-sandbox", "-w", "--request-timeout=2s"];
    kubectl(&sandbox, &watched, "").says("mine");
    kubectl(&sandbox, &["delete", "httproute", "mine", "-n", "agw-sandbox"], "").succeeds();
}
