//! Hand-made Deployments, Pods and Events in the embedded API.

use agw_sandbox::cluster::{Cause, Cluster, ClusterError, Explanation, ObjectKey, Stuck, Writes};
use agw_sandbox::embedded::{Api, Identity};
use kube::api::{DynamicObject, Patch, PatchParams, PostParams};
use miette::Diagnostic;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// Longer than any of these waits may take.
const DEADLINE: Duration = Duration::from_secs(60);

struct Stand {
    cluster: Cluster,
    client: kube::Client,
    stop: CancellationToken,
    _home: tempfile::TempDir,
}

impl Drop for Stand {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Stand {
    async fn new() -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let home = tempfile::tempdir().unwrap();
        let identity = Identity::generate().unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        let kubeconfig = home.path().join("kubeconfig");
        std::fs::write(&kubeconfig, identity.kubeconfig(&url, "waits")).unwrap();
        let stop = CancellationToken::new();
        let end = stop.clone();
        tokio::spawn(async move { Api::new().serve_tls(listener, &identity, end).await });
        let cluster = Cluster::from_kubeconfig(&kubeconfig, Writes::default()).await.unwrap();
        Self { client: cluster.client(), cluster, stop, _home: home }
    }

    /// Creates an object with its status.
    async fn make(&self, object: Value) {
        let (api_version, kind) = (object["apiVersion"].as_str().unwrap(), object["kind"].as_str().unwrap());
        let (resource, _) = agw_sandbox::cluster::resource_of(api_version, kind).unwrap();
        let api: kube::Api<DynamicObject> = kube::Api::namespaced_with(self.client.clone(), "default", &resource);
        let name = object["metadata"]["name"].as_str().unwrap();
        let made: DynamicObject = serde_json::from_value(object.clone()).unwrap();
        api.create(&PostParams::default(), &made).await.unwrap();
        if !object["status"].is_null() {
            let status = Patch::Merge(json!({"status": object["status"]}));
            api.patch_status(name, &PatchParams::default(), &status).await.unwrap();
        }
    }

    async fn deployment(&self, status: Value) {
        self.make(json!({
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": "agentgateway", "namespace": "default"},
            "spec": {
                "replicas": 1,
                "selector": {"matchLabels": {"app": "agentgateway"}},
                "template": {"metadata": {"labels": {"app": "agentgateway"}},
                             "spec": {"containers": [{"name": "c", "image": "cr.agentgateway.dev/controller:v1.4.9"}]}},
            },
            "status": status,
        }))
        .await;
    }

    async fn pod(&self, status: Value) {
        self.make(json!({
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"name": "agentgateway-7d9-x", "namespace": "default", "labels": {"app": "agentgateway"}},
            "spec": {"containers": [{"name": "c", "image": "cr.agentgateway.dev/controller:v1.4.9"}]},
            "status": status,
        }))
        .await;
    }

    async fn event(&self, name: &str, about: &str, message: &str, at: &str) {
        self.make(json!({
            "apiVersion": "v1",
            "kind": "Event",
            "metadata": {"name": name, "namespace": "default"},
            "involvedObject": {"kind": "Pod", "name": about, "namespace": "default"},
            "type": if name == "normal" { "Normal" } else { "Warning" },
            "reason": "Failed", "message": message, "count": 3, "lastTimestamp": at,
        }))
        .await;
    }

    fn key() -> ObjectKey {
        ObjectKey::namespaced("apps/v1", "Deployment", "default", "agentgateway")
    }

    async fn wait(&self) -> Result<(), ClusterError> {
        self.cluster.wait_for(Self::key()).within(DEADLINE).until_ready().await
    }

    async fn stuck(&self) -> Box<Stuck> {
        let began = Instant::now();
        let ClusterError::Stuck(stuck) = self.wait().await.unwrap_err() else { panic!("it is not stuck") };
        assert!(began.elapsed() < DEADLINE / 4, "it took {:?}", began.elapsed());
        stuck
    }
}

fn waiting(reason: &str, message: &str) -> Value {
    let state = json!({"waiting": {"reason": reason, "message": message}});
    let status = json!({"name": "c", "ready": false, "restartCount": 0, "imageID": "", "state": state,
                        "image": "cr.agentgateway.dev/controller:v1.4.9"});
    json!({"phase": "Pending", "containerStatuses": [status]})
}

const GONE: &str = "rpc error: code = NotFound desc = cr.agentgateway.dev/controller:v1.4.9: not found";

#[tokio::test]
async fn an_image_that_does_not_exist_ends_the_wait_at_once_with_the_events() {
    let stand = Stand::new().await;
    stand.deployment(json!({"replicas": 1})).await;
    stand.pod(waiting("ErrImagePull", GONE)).await;
    stand.event("normal", "agentgateway-7d9-x", "Pulling image", "2026-11-21T10:00:09Z").await;
    stand.event("warned", "agentgateway-7d9-x", "Failed to pull image", "2026-11-21T10:00:05Z").await;
    stand.event("other", "somebody-else", "not ours", "2026-11-21T10:00:06Z").await;
    let stuck = stand.stuck().await;
    assert!(matches!(stuck.cause, Cause::ImageNotFound { .. }), "{stuck:?}");
    insta::assert_snapshot!(format!("error[{}]: {stuck}\n  cause       {}", stuck.code().unwrap(), stuck.cause));
}

#[tokio::test]
async fn a_registry_that_is_slow_is_waited_for_and_told() {
    let stand = Stand::new().await;
    stand.deployment(json!({"replicas": 1})).await;
    stand.pod(waiting("ErrImagePull", "dial tcp 192.0.2.1:443: i/o timeout")).await;
    let told = Mutex::new(Vec::new());
    let telling = |waits_for: String| told.lock().unwrap().push(waits_for);
    let wait = stand.cluster.wait_for(Stand::key()).within(Duration::from_millis(700)).telling(&telling);
    let error = wait.until_ready().await.unwrap_err();
    assert_eq!(error.code().unwrap().to_string(), "CLUSTER-04");
    let last = told.lock().unwrap().pop().unwrap();
    let expected = "Deployment default/agentgateway: 0 of 1 available; Pod agentgateway-7d9-x: ErrImagePull: dial tcp";
    assert!(last.starts_with(expected), "{last}");
    assert!(error.to_string().contains("condition Available") && error.to_string().contains("i/o timeout"), "{error}");
}

#[tokio::test]
async fn what_may_be_on_its_way_is_given_some_seconds() {
    let stand = Stand::new().await;
    stand.deployment(json!({"replicas": 1})).await;
    stand.pod(waiting("CreateContainerConfigError", "secret \"ai-gateway-session-key\" not found")).await;
    let began = Instant::now();
    let stuck = stand.stuck().await;
    assert!(matches!(&stuck.cause, Cause::Misconfigured { why, .. } if why.contains("session-key")), "{stuck:?}");
    assert!(began.elapsed() > Duration::from_secs(4), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_quota_that_forbids_pods_is_seen_in_the_deployment() {
    let stand = Stand::new().await;
    let message = "pods \"agentgateway-7d9-x\" is forbidden: exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0";
    let failure = json!({"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate", "message": message});
    stand.deployment(json!({"replicas": 0, "conditions": [failure]})).await;
    let stuck = stand.stuck().await;
    assert!(matches!(&stuck.cause, Cause::Refused { why } if why.contains("exceeded quota")), "{stuck:?}");
    assert_eq!(stuck.code().unwrap().to_string(), "INSTALL-17");
}

#[tokio::test]
async fn pods_that_an_earlier_run_left_in_a_pause_are_tried_anew() {
    let stand = Stand::new().await;
    stand.deployment(json!({"replicas": 1})).await;
    stand.pod(waiting("ImagePullBackOff", GONE)).await;
    let wait = stand.cluster.wait_for(Stand::key()).within(Duration::from_millis(300)).retrying();
    let error = wait.until_ready().await.unwrap_err();
    assert!(matches!(error, ClusterError::TimedOut { .. }), "what the old Pod said does not count: {error}");
    let pod = ObjectKey::namespaced("v1", "Pod", "default", "agentgateway-7d9-x");
    assert_eq!(stand.cluster.get(&pod).await.unwrap(), None);
}

#[tokio::test]
async fn whoever_knows_a_log_is_asked_about_containers_that_ended() {
    let stand = Stand::new().await;
    stand.deployment(json!({"replicas": 1})).await;
    let mut status = waiting("CrashLoopBackOff", "back-off 10s");
    status["containerStatuses"][0]["restartCount"] = json!(1);
    stand.pod(status).await;
    let explanation = || Explanation { id: "CHART-20".into(), problem: "it waits".into(), fix: "take another".into() };
    // The embedded API runs no containers and has no logs: who knows an empty one is asked all the same.
    let explaining = |log: &str| log.is_empty().then(explanation);
    let wait = stand.cluster.wait_for(Stand::key()).within(DEADLINE).explaining(&explaining);
    let error = wait.until_ready().await.unwrap_err();
    assert_eq!(error.code().unwrap().to_string(), "CHART-20");
    assert_eq!(error.help().unwrap().to_string(), "take another");
}
