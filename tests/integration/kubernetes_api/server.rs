//! The two servers that a transcript runs against. Both end when the value is dropped.

use agw_sandbox::embedded::{Api, Identity};
use std::fs::File;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

const BINARIES: &str = "/opt/testbed/bin";
/// The real server starts in about three seconds on an idle machine.
const START: Duration = Duration::from_secs(60);
const TOKEN: &str = "transcript";

/// A running API and the kubeconfig to reach it.
pub struct Server {
    pub kubeconfig: PathBuf,
    stop: CancellationToken,
    children: Vec<Child>,
    _home: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.cancel();
        for child in self.children.iter_mut().rev() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The embedded API, over TLS.
pub async fn embedded() -> Server {
    let home = TempDir::new().expect("a temporary folder");
    let identity = Identity::generate().expect("an identity");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("https://{}", listener.local_addr().expect("an address"));
    let kubeconfig = home.path().join("kubeconfig");
    std::fs::write(&kubeconfig, identity.kubeconfig(&url, "embedded")).expect("a kubeconfig");
    let stop = CancellationToken::new();
    let end = stop.clone();
    tokio::spawn(async move { Api::new().serve_tls(listener, &identity, end).await });
    Server { kubeconfig, stop, children: Vec::new(), _home: home }
}

/// The real API server of the testbed; the error says why there is none.
pub fn real() -> Result<Server, String> {
    let binary = |name: &str| {
        let path = Path::new(BINARIES).join(name);
        path.exists().then_some(path).ok_or_else(|| format!("there is no {name} in {BINARIES}"))
    };
    let (etcd, apiserver) = (binary("etcd")?, binary("kube-apiserver")?);
    let home = TempDir::new().expect("a temporary folder");
    let [client, peer, secure] = [free_port(), free_port(), free_port()];
    let kubeconfig = home.path().join("kubeconfig");
    std::fs::write(&kubeconfig, kubeconfig_text(secure)).expect("a kubeconfig");
    std::fs::write(home.path().join("tokens.csv"), format!("{TOKEN},admin,admin,system:masters\n")).expect("tokens");
    write_signing_key(home.path());
    let mut server = Server { kubeconfig, stop: CancellationToken::new(), children: Vec::new(), _home: home };
    server.start(&etcd, &etcd_arguments(client, peer));
    server.start(&apiserver, &apiserver_arguments(client, secure));
    server.wait_until_ready();
    Ok(server)
}

impl Server {
    fn start(&mut self, binary: &Path, arguments: &[String]) {
        let home = self.kubeconfig.parent().expect("a folder");
        let name = binary.file_name().expect("a name").to_string_lossy();
        let log = File::create(home.join(format!("{name}.log"))).expect("a log");
        let child = Command::new(binary)
            .args(arguments)
            .current_dir(home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("a process");
        self.children.push(child);
    }

    fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + START;
        while Instant::now() < deadline {
            let ended = self.children.iter_mut().any(|child| child.try_wait().is_ok_and(|status| status.is_some()));
            assert!(!ended, "a process of the real server ended at once:\n{}", self.logs());
            let asked = Command::new("kubectl")
                .arg("--kubeconfig")
                .arg(&self.kubeconfig)
                .args(["get", "namespace", "default", "--request-timeout=2s"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            if asked.is_ok_and(|status| status.success()) {
                return;
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        panic!("the real server was not ready after {} s:\n{}", START.as_secs(), self.logs());
    }

    /// The last lines of all logs.
    fn logs(&self) -> String {
        let home = self.kubeconfig.parent().expect("a folder");
        let read = |name: &str| std::fs::read_to_string(home.join(name)).unwrap_or_default();
        let logs = [read("etcd.log"), read("kube-apiserver.log")];
        let ends = logs.iter().map(|log| log.lines().rev().take(5).collect::<Vec<_>>().join("\n"));
        ends.collect::<Vec<_>>().join("\n")
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn write_signing_key(home: &Path) {
    let key = rcgen::KeyPair::generate().expect("a key");
    std::fs::write(home.join("sa.key"), key.serialize_pem()).expect("a key file");
    std::fs::write(home.join("sa.pub"), key.public_key_pem()).expect("a key file");
}

fn etcd_arguments(client: u16, peer: u16) -> Vec<String> {
    let (client, peer) = (format!("http://127.0.0.1:{client}"), format!("http://127.0.0.1:{peer}"));
    vec![
        "--data-dir=etcd".to_owned(),
        format!("--listen-client-urls={client}"),
        format!("--advertise-client-urls={client}"),
        format!("--listen-peer-urls={peer}"),
        format!("--initial-advertise-peer-urls={peer}"),
        format!("--initial-cluster=default={peer}"),
        "--unsafe-no-fsync".to_owned(),
    ]
}

fn apiserver_arguments(etcd: u16, secure: u16) -> Vec<String> {
    let fixed = [
        "--cert-dir=certs",
        "--bind-address=127.0.0.1",
        "--service-cluster-ip-range=10.96.0.0/12",
        "--service-account-issuer=https://kubernetes.default.svc",
        "--service-account-key-file=sa.pub",
        "--service-account-signing-key-file=sa.key",
        "--token-auth-file=tokens.csv",
        "--authorization-mode=RBAC",
        "--disable-admission-plugins=ServiceAccount",
    ];
    let mut arguments: Vec<String> = fixed.map(str::to_owned).into();
    arguments.push(format!("--etcd-servers=http://127.0.0.1:{etcd}"));
    arguments.push(format!("--secure-port={secure}"));
    arguments
}

fn kubeconfig_text(port: u16) -> String {
    format!(
        "apiVersion: v1\nkind: Config\nclusters:\n- name: real\n  cluster:\n    server: https://127.0.0.1:{port}\n    insecure-skip-tls-verify: true\nusers:\n- name: real\n  user:\n    token: {TOKEN}\ncontexts:\n- name: real\n  context:\n    cluster: real\n    user: real\ncurrent-context: real\n"
    )
}
