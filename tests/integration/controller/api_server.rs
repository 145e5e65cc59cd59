//! A real Kubernetes API server of one's own: plain processes, gone when dropped.

use kube::{
    Client, Config,
    config::{KubeConfigOptions, Kubeconfig},
};
use serde_json::json;
use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};

const BINARIES: &str = "/opt/testbed/bin";

/// Longest time from nothing to an API that answers.
const START: Duration = Duration::from_secs(60);

pub struct ApiServer {
    pub client: Client,
    /// A kubeconfig with the context `t`.
    pub kubeconfig: PathBuf,
    /// Every call of that context's user, one JSON object a line.
    pub audit: PathBuf,
    _processes: [Child; 2],
    _folder: tempfile::TempDir,
}

impl ApiServer {
    /// Starts one, or tells why there is none here.
    pub async fn start() -> Result<Self, String> {
        for name in ["etcd", "kube-apiserver"] {
            if !Path::new(BINARIES).join(name).exists() {
                return Err(format!("{BINARIES}/{name} is not here"));
            }
        }
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir().unwrap();
        let [clients, peers, api] = free_ports();
        let etcd = etcd(folder.path(), clients, peers);
        let server = api_server(folder.path(), clients, api);
        let kubeconfig = folder.path().join("kubeconfig");
        std::fs::write(&kubeconfig, kubeconfig_text(api)).unwrap();
        let client = client(api).await;
        let audit = folder.path().join("audit.log");
        let deadline = Instant::now() + START;
        while !is_ready(&client).await {
            assert!(Instant::now() < deadline, "the API server did not come up in {START:?}");
            sleep(Duration::from_millis(50)).await;
        }
        Ok(Self { client, kubeconfig, audit, _processes: [server, etcd], _folder: folder })
    }
}

fn free_ports() -> [u16; 3] {
    let sockets = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    sockets.map(|socket| socket.local_addr().unwrap().port())
}

fn spawn(name: &str, arguments: &[String]) -> Child {
    let mut command = Command::new(Path::new(BINARIES).join(name));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
    command.spawn().unwrap()
}

fn etcd(folder: &Path, clients: u16, peers: u16) -> Child {
    let arguments = [
        format!("--data-dir={}", folder.join("etcd").display()),
        format!("--listen-client-urls=http://127.0.0.1:{clients}"),
        format!("--advertise-client-urls=http://127.0.0.1:{clients}"),
        format!("--listen-peer-urls=http://127.0.0.1:{peers}"),
        format!("--initial-advertise-peer-urls=http://127.0.0.1:{peers}"),
        format!("--initial-cluster=default=http://127.0.0.1:{peers}"),
        "--unsafe-no-fsync".to_owned(),
    ];
    spawn("etcd", &arguments)
}

fn api_server(folder: &Path, etcd: u16, port: u16) -> Child {
    let key = rcgen::KeyPair::generate().unwrap();
    let file = |name: &str, content: String| -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, content).unwrap();
        path
    };
    let private = file("sa.key", key.serialize_pem());
    let public = file("sa.pub", key.public_key_pem());
    let tokens = file("tokens.csv", "test,admin,admin,system:masters\n".to_owned());
    let policy = json!({
        "apiVersion": "audit.k8s.io/v1",
        "kind": "Policy",
        "omitStages": ["RequestReceived"],
        "rules": [{"level": "Metadata", "users": ["admin"]}, {"level": "None"}],
    });
    let policy = file("audit.json", policy.to_string());
    let arguments = [
        format!("--audit-policy-file={}", policy.display()),
        format!("--audit-log-path={}", folder.join("audit.log").display()),
        format!("--etcd-servers=http://127.0.0.1:{etcd}"),
        "--bind-address=127.0.0.1".to_owned(),
        format!("--secure-port={port}"),
        format!("--cert-dir={}", folder.join("certificates").display()),
        format!("--token-auth-file={}", tokens.display()),
        "--authorization-mode=AlwaysAllow".to_owned(),
        "--service-account-issuer=https://test.invalid".to_owned(),
        format!("--service-account-key-file={}", public.display()),
        format!("--service-account-signing-key-file={}", private.display()),
        "--service-cluster-ip-range=10.96.0.0/16".to_owned(),
        "--endpoint-reconciler-type=none".to_owned(),
        "--disable-admission-plugins=ServiceAccount".to_owned(),
    ];
    spawn("kube-apiserver", &arguments)
}

fn kubeconfig_text(port: u16) -> String {
    format!(
        "{{apiVersion: v1, kind: Config, current-context: t, contexts: [{{name: t, context: {{cluster: t, user: t}}}}], clusters: [{{name: t, cluster: {{server: 'https://127.0.0.1:{port}', insecure-skip-tls-verify: true}}}}], users: [{{name: t, user: {{token: test}}}}]}}"
    )
}

async fn client(port: u16) -> Client {
    let kubeconfig = Kubeconfig::from_yaml(&kubeconfig_text(port)).unwrap();
    let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default()).await.unwrap();
    Client::try_from(config).unwrap()
}

async fn is_ready(client: &Client) -> bool {
    let request = http::Request::get("/readyz").body(Vec::new()).unwrap();
    let answer = tokio::time::timeout(Duration::from_secs(2), client.request_text(request)).await;
    matches!(answer, Ok(Ok(text)) if text == "ok")
}
