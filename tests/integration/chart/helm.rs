//! Real Helm, both versions, against a real API server without controllers.

use super::{supply, told};
use crate::definitions::real::RealApiServer;
use crate::support::{StandIn, is_real};
use agw_sandbox::chart::{Chart, ChartSource, Helm, HelmRelease, Mirrors, RevisionState};
use agw_sandbox::cluster::{Cluster, ObjectKey, Writes};
use agw_sandbox::event::Change;
use miette::Diagnostic;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// A cluster, a folder to work in, and the way to it.
pub(super) struct Bench {
    pub folder: tempfile::TempDir,
    pub kubeconfig: PathBuf,
    pub cluster: Cluster,
    pub server: RealApiServer,
}

impl Bench {
    /// `None`, with a note, without `AGW_REAL=1` or an API server.
    pub async fn start() -> Option<Self> {
        if !is_real() {
            return None;
        }
        let server = RealApiServer::start().await?;
        let kubeconfig = server.kubeconfig();
        let cluster = Cluster::from_kubeconfig(&kubeconfig, Writes::default()).await.unwrap();
        Some(Self { folder: tempfile::tempdir().unwrap(), kubeconfig, cluster, server })
    }

    pub fn helm(&self, program: &str) -> Helm {
        let program = which::which(program).unwrap();
        Helm::new(&program, &self.kubeconfig, "real", &self.work())
    }

    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// A file that Helm's run for the controller has in its folder.
    pub fn record(&self, name: &str) -> PathBuf {
        self.work().join("agentgateway-system.agentgateway").join(name)
    }

    /// Reads the folder of a chart or a packed one.
    pub async fn chart(&self, path: &Path) -> Chart {
        let supply = supply(&self.folder.path().join("cache"), Mirrors::default());
        let pins = supply.resolve(&[ChartSource::Path(path.to_owned())], &[]).await.unwrap();
        supply.chart(&pins.charts[0]).await.unwrap()
    }

    /// The stand-in of the controller.
    pub async fn controller(&self) -> Chart {
        let packed = self.folder.path().join("agentgateway.tgz");
        std::fs::write(&packed, StandIn::of("agentgateway-1.4", "1.4.1").expect("upstream's definitions").controller)
            .unwrap();
        self.chart(&packed).await
    }

    /// A chart of one file.
    pub async fn chart_of(&self, name: &str, template: &str) -> Chart {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(folder.join("templates")).unwrap();
        std::fs::write(folder.join("Chart.yaml"), format!("{{apiVersion: v2, name: {name}, version: 1.0.0}}")).unwrap();
        std::fs::write(folder.join("templates/all.yaml"), template).unwrap();
        self.chart(&folder).await
    }

    pub async fn state(&self, helm: &Helm, name: &str) -> Option<(u32, RevisionState)> {
        let found = helm.observe("agentgateway-system", name, &self.cluster).await.unwrap();
        found.map(|found| (found.newest, found.state))
    }
}

pub(super) fn release(name: &str, values: Value) -> HelmRelease {
    HelmRelease { name: name.to_owned(), namespace: "agentgateway-system".to_owned(), values }
}

pub(super) async fn bring(helm: &Helm, bench: &Bench, release: &HelmRelease, chart: &Chart) -> Result<Change, String> {
    let cancel = CancellationToken::new();
    let done = helm.bring_about(release, chart, &bench.cluster, &cancel, &|said| println!("{said}")).await;
    done.map_err(|error| told(&error))
}

fn deployment() -> ObjectKey {
    ObjectKey::namespaced("apps/v1", "Deployment", "agentgateway-system", "agentgateway")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_is_brought_observed_repaired_and_removed() {
    for program in ["helm", "helm3"] {
        let Some(bench) = Bench::start().await else { return };
        let (helm, chart) = (bench.helm(program), bench.controller().await);
        let first = release("agentgateway", json!({}));
        assert_eq!(bring(&helm, &bench, &first, &chart).await, Ok(Change::Made), "{program}");
        let live = bench.cluster.get(&deployment()).await.unwrap().unwrap();
        let container = &live["spec"]["template"]["spec"]["containers"][0];
        assert_eq!(container["image"], "cr.agentgateway.dev/controller:v1.4.1");

        let (began, writes) = (Instant::now(), bench.cluster.writes().count());
        assert_eq!(bring(&helm, &bench, &first, &chart).await, Ok(Change::Unchanged), "{program}");
        assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
        assert_eq!(bench.cluster.writes().count(), writes);
        let same = bench.cluster.get(&deployment()).await.unwrap().unwrap();
        assert_eq!(same["metadata"]["resourceVersion"], live["metadata"]["resourceVersion"]);
        assert_eq!(bench.state(&helm, "agentgateway").await, Some((1, RevisionState::Deployed)));

        let second = release("agentgateway", json!({"controller": {"logLevel": "debug"}}));
        assert_eq!(bring(&helm, &bench, &second, &chart).await, Ok(Change::Made), "{program}");
        assert!(bench.cluster.delete(&deployment()).await.unwrap());
        assert_eq!(bring(&helm, &bench, &second, &chart).await, Ok(Change::Made), "what is gone comes back");
        let live = bench.cluster.get(&deployment()).await.unwrap().unwrap();
        assert!(live.to_string().contains(r#""value":"debug""#), "{live}");

        let cancel = CancellationToken::new();
        let remove = || helm.remove("agentgateway-system", "agentgateway", &bench.cluster, &cancel);
        assert!(remove().await.unwrap());
        assert_eq!(bench.state(&helm, "agentgateway").await, None);
        assert!(!remove().await.unwrap());
    }
}

/// Passes everything on to the real Helm and notes what everybody on the machine can see of it.
fn watched(bench: &Bench, program: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let (script, real) = (bench.folder.path().join("watched"), which::which(program).unwrap());
    let note = bench.folder.path().join("note");
    let text = format!(
        "#!/bin/sh\n{{ echo \"$@\"; env; ls -ln '{}'; }} >> '{}'\nexec '{}' \"$@\"\n",
        bench.record("").display(),
        note.display(),
        real.display()
    );
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    script
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_are_nowhere_that_others_look() {
    let Some(bench) = Bench::start().await else { return };
    let chart = bench.controller().await;
    let program = watched(&bench, "helm");
    let helm = Helm::new(&program, &bench.kubeconfig, "real", &bench.work());
    let canary = "canary-7f3a";
    let wanted = release("agentgateway", json!({"controller": {"extraEnv": {"TOKEN": canary}}}));
    assert_eq!(bring(&helm, &bench, &wanted, &chart).await, Ok(Change::Made));
    let seen = std::fs::read_to_string(bench.folder.path().join("note")).unwrap();
    assert!(seen.contains("--kubeconfig") && !seen.contains(canary), "{seen}");
    let values = seen.lines().find(|line| line.contains("values-") && line.starts_with('-')).unwrap();
    assert!(values.starts_with("-rw------- "), "{values}");
    let left = std::fs::read_dir(bench.record("")).unwrap().count();
    assert_eq!(left, 0, "values and record are gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_helm_says_has_its_id() {
    for program in ["helm", "helm3"] {
        let Some(bench) = Bench::start().await else { return };
        let (helm, chart) = (bench.helm(program), bench.controller().await);
        assert_eq!(bring(&helm, &bench, &release("agentgateway", json!({})), &chart).await, Ok(Change::Made));
        let other = release("other", json!({"fullnameOverride": "agentgateway"}));
        let told = bring(&helm, &bench, &other, &chart).await.unwrap_err();
        assert!(told.starts_with("HELM-06") && told.contains("belongs to helm release agentgateway"), "{told}");

        let gateway = "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: a}}";
        let config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: Not_A_Name}}";
        for (name, template, id) in [
            ("gateway", gateway.to_owned(), "HELM-08"),
            ("broken", "a: {{ .Values.x.y }}".to_owned(), "HELM-13"),
            ("fails", "{{ fail \"no\" }}".to_owned(), "HELM-13"),
            ("invalid", config.to_owned(), "HELM-18"),
        ] {
            let chart = bench.chart_of(name, &template).await;
            let told = bring(&helm, &bench, &release(name, json!({})), &chart).await.unwrap_err();
            assert!(told.starts_with(id), "{program} {name}: {told}");
        }
        let mut selector = chart.clone();
        selector.file = bench.chart_of("agentgateway", DEPLOYMENT).await.file;
        selector.digest = bench.chart_of("agentgateway", DEPLOYMENT).await.digest;
        let told = bring(&helm, &bench, &release("agentgateway", json!({})), &selector).await.unwrap_err();
        assert!(told.starts_with("HELM-09"), "{program}: {told}");
    }
}

/// The controller's Deployment with the selector that a Gateway of that name gives it.
const DEPLOYMENT: &str = r#"
apiVersion: apps/v1
kind: Deployment
metadata: {name: agentgateway}
spec:
  selector: {matchLabels: {gateway.networking.k8s.io/gateway-name: agentgateway}}
  template:
    metadata: {labels: {gateway.networking.k8s.io/gateway-name: agentgateway}}
    spec: {containers: [{name: agentgateway, image: x}]}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn an_api_server_that_is_away_is_told() {
    let Some(bench) = Bench::start().await else { return };
    let (helm, chart) = (bench.helm("helm"), bench.controller().await);
    drop(bench.server);
    let cancel = CancellationToken::new();
    let wanted = release("agentgateway", json!({}));
    let error = helm.bring_about(&wanted, &chart, &bench.cluster, &cancel, &|_| ()).await.unwrap_err();
    assert_eq!(error.code().unwrap().to_string(), "CLUSTER-02", "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn definitions_need_no_helm() {
    let Some(bench) = Bench::start().await else { return };
    for (line, version) in [("agentgateway-1.4", "1.4.1"), ("kgateway-2.1", "2.1.3")] {
        let Some(charts) = StandIn::of(line, version) else { return };
        let packed = bench.folder.path().join("crds.tgz");
        std::fs::write(&packed, charts.definitions).unwrap();
        let manifests = bench.chart(&packed).await.plain_manifests().unwrap().unwrap();
        for manifest in &manifests {
            assert!(bench.cluster.bring(manifest).await.unwrap());
        }
        for manifest in &manifests {
            bench.cluster.wait_for(ObjectKey::of(manifest)).until_ready().await.unwrap();
            assert!(!bench.cluster.bring(manifest).await.unwrap(), "it is there word for word");
        }
    }
}
