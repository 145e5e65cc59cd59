//! A real registry in Docker, filled by tests. Only where `AGW_REAL=1`.

use agw_sandbox::chart::Mirrors;
use oci_client::client::{ClientConfig, ClientProtocol, Config, ImageLayer};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};
use std::process::Command;
use std::time::Duration;

const CHART_CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";
const CHART_LAYER: &str = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const IMAGE_CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const IMAGE_LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// Whether tests that need Docker and Helm run; says that they do not.
pub fn is_real() -> bool {
    let real = std::env::var("AGW_REAL").is_ok_and(|value| value == "1");
    if !real {
        println!("skipped: needs Docker and Helm, AGW_REAL=1 runs it");
    }
    real
}

/// A registry in a container, which ends with it.
pub struct Registry {
    name: String,
    port: u16,
}

impl Registry {
    /// Starts an empty one; `None`, with a note, without `AGW_REAL=1`.
    pub async fn start() -> Option<Self> {
        if !is_real() {
            return None;
        }
        let _ = rustls::crypto::ring::default_provider().install_default();
        let name = format!("agw-chart-{}", uuid::Uuid::new_v4().simple());
        docker(&["run", "--detach", "--rm", "--name", &name, "--publish", "127.0.0.1:0:5000", "registry:2"]);
        let mut registry = Self { name, port: 0 };
        let published = docker(&["port", &registry.name, "5000/tcp"]);
        registry.port = published.lines().next().unwrap().rsplit(':').next().unwrap().trim().parse().unwrap();
        for _ in 0..200 {
            if reqwest::get(format!("http://{}/v2/", registry.host())).await.is_ok() {
                return Some(registry);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the registry does not answer");
    }

    /// `127.0.0.1:port`.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Mirrors that lead to it instead of the registries of all lines.
    pub fn mirrors(&self) -> Mirrors {
        mirrors_to(&self.host())
    }

    /// Pushes a packed chart under some tags.
    pub async fn push_chart(&self, repository: &str, tags: &[&str], packed: &[u8]) {
        let config = Config::new(br#"{"name": "stand-in"}"#.to_vec(), CHART_CONFIG.to_owned(), None);
        self.push(repository, tags, ImageLayer::new(packed.to_vec(), CHART_LAYER.to_owned(), None), config).await;
    }

    /// Pushes an image of one layer under some tags.
    pub async fn push_image(&self, repository: &str, tags: &[&str], content: &[u8]) {
        let config = Config::new(b"{}".to_vec(), IMAGE_CONFIG.to_owned(), None);
        self.push(repository, tags, ImageLayer::new(content.to_vec(), IMAGE_LAYER.to_owned(), None), config).await;
    }

    async fn push(&self, repository: &str, tags: &[&str], layer: ImageLayer, config: Config) {
        let client =
            Client::try_from(ClientConfig { protocol: ClientProtocol::Http, ..ClientConfig::default() }).unwrap();
        for tag in tags {
            let reference = Reference::with_tag(self.host(), repository.to_owned(), (*tag).to_owned());
            let pushed = client
                .push(&reference, std::slice::from_ref(&layer), config.clone(), &RegistryAuth::Anonymous, None)
                .await;
            pushed.unwrap();
        }
    }

    /// Ends it; what is asked of it from now on cannot be reached.
    pub fn stop(&self) {
        docker(&["rm", "--force", &self.name]);
    }
}

/// Mirrors that lead to one host instead of the registries of all lines.
pub fn mirrors_to(host: &str) -> Mirrors {
    let entry = format!("{{host: '{host}', cluster: 'registry:5000'}}");
    Mirrors::parse(&format!("{{cr.agentgateway.dev: {entry}, cr.kgateway.dev: {entry}}}")).unwrap()
}

impl Drop for Registry {
    fn drop(&mut self) {
        let _ = Command::new("docker").args(["rm", "--force", &self.name]).output();
    }
}

#[track_caller]
fn docker(arguments: &[&str]) -> String {
    let output = Command::new("docker").args(arguments).output().unwrap();
    assert!(output.status.success(), "docker {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
