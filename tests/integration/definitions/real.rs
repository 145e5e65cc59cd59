//! A real API server, to judge the same objects.

use serde_json::Value;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

/// How long the API server may take to start; it needs three seconds on a quiet machine.
const START: Duration = Duration::from_secs(60);

/// A kube-apiserver with its etcd; both end with it.
pub struct RealApiServer {
    url: String,
    client: reqwest::Client,
    _processes: [Child; 2],
    folder: tempfile::TempDir,
}

impl RealApiServer {
    /// Starts one; `None`, with a note, where the programs are not at hand.
    pub async fn start() -> Option<Self> {
        let (etcd, api_server) = (program("etcd")?, program("kube-apiserver")?);
        let folder = tempfile::tempdir().unwrap();
        let [clients, peers, secure] = free_ports();
        let etcd = spawn(
            Command::new(etcd).arg("--data-dir").arg(folder.path().join("etcd")).arg("--unsafe-no-fsync").args([
                format!("--listen-client-urls=http://127.0.0.1:{clients}"),
                format!("--advertise-client-urls=http://127.0.0.1:{clients}"),
                format!("--listen-peer-urls=http://127.0.0.1:{peers}"),
            ]),
        );
        let api_server = spawn(&mut api_server_command(&api_server, folder.path(), clients, secure));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .tls_danger_accept_invalid_certs(true)
            .no_proxy()
            .timeout(Duration::from_secs(20))
            .build()
            .unwrap();
        let url = format!("https://127.0.0.1:{secure}");
        let server = Self { url, client, _processes: [etcd, api_server], folder };
        server.wait_for("/api/v1/namespaces/default", |_| true).await;
        Some(server)
    }

    /// A kubeconfig for it, whose one context is `real`; it goes with the server.
    pub fn kubeconfig(&self) -> PathBuf {
        let file = self.folder.path().join("kubeconfig");
        let config = serde_json::json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "real",
            "clusters": [{"name": "real", "cluster": {"server": self.url, "insecure-skip-tls-verify": true}}],
            "users": [{"name": "admin", "user": {"token": "token"}}],
            "contexts": [{"name": "real", "context": {"cluster": "real", "user": "admin"}}],
        });
        std::fs::write(&file, config.to_string()).unwrap();
        file
    }

    /// Creates an object; the answer's status code and body.
    pub async fn post(&self, path: &str, object: &Value) -> (u16, Value) {
        let request = self.client.post(format!("{}{path}", self.url)).bearer_auth("token").json(object);
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Waits until there is an object that is as wanted.
    pub async fn wait_for(&self, path: &str, wanted: impl Fn(&Value) -> bool) {
        let start = Instant::now();
        while start.elapsed() < START {
            let answer = self.client.get(format!("{}{path}", self.url)).bearer_auth("token").send().await;
            if let Ok(answer) = answer.and_then(reqwest::Response::error_for_status)
                && answer.json().await.is_ok_and(|object| wanted(&object))
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{path} is not as wanted after {START:?}");
    }
}

fn program(name: &str) -> Option<PathBuf> {
    let found = which::which(name).or_else(|_| which::which(Path::new("/opt/testbed/bin").join(name)));
    if found.is_err() {
        println!("skipped: no {name}");
    }
    found.ok()
}

fn api_server_command(program: &Path, folder: &Path, etcd: u16, port: u16) -> Command {
    let key = rcgen::KeyPair::generate().unwrap();
    let (private, public) = (folder.join("service-account.key"), folder.join("service-account.pub"));
    std::fs::write(&private, key.serialize_pem()).unwrap();
    std::fs::write(&public, key.public_key_pem()).unwrap();
    let tokens = folder.join("tokens.csv");
    std::fs::write(&tokens, "token,admin,admin,system:masters\n").unwrap();
    let mut command = Command::new(program);
    command.arg("--cert-dir").arg(folder.join("certificates")).arg("--token-auth-file").arg(tokens);
    command.arg("--service-account-key-file").arg(public).arg("--service-account-signing-key-file").arg(private);
    command.args([
        format!("--etcd-servers=http://127.0.0.1:{etcd}"),
        format!("--secure-port={port}"),
        "--bind-address=127.0.0.1".to_owned(),
        "--service-account-issuer=https://sandbox.example".to_owned(),
        "--service-cluster-ip-range=10.0.0.0/24".to_owned(),
        "--authorization-mode=AlwaysAllow".to_owned(),
        "--disable-admission-plugins=ServiceAccount".to_owned(),
    ]);
    command
}

fn spawn(command: &mut Command) -> Child {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap()
}

/// Ports that were free a moment ago.
fn free_ports() -> [u16; 3] {
    let listeners = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}
