//! A kind cluster with the definitions and an image of this program.

use super::NODE_PORT;
use crate::support::upstream;
use agw_sandbox::gateway::{
    controller::Kind,
    in_cluster::{MUTANT_CONFIG_MAP, ReferenceInstall, SYSTEM_NAMESPACE},
};
use futures_util::StreamExt;
use kube::{
    Api, Client, Config,
    api::{Patch, PatchParams},
    config::Kubeconfig,
    core::DynamicObject,
    runtime::{
        WatchStreamExt,
        watcher::{self, watcher},
    },
};
use serde_json::{Value, json};
use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    pin::pin,
    process::{Child, ChildStdout, Command, Stdio},
    sync::Mutex,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// The token of the mocks' admin API.
pub const TOKEN: &str = "a-token-of-a-test";

const NODE_IMAGE: &str = "kindest/node:v1.34.4";
const BASE_IMAGE: &str = "testbed/base:1";
const IMAGE: &str = "agw-sandbox/in-cluster-test:1";
const PATIENCE: Duration = Duration::from_secs(60);

/// The cluster. Dropping it takes it away.
pub struct Stand {
    /// What is installed.
    pub install: ReferenceInstall,
    /// Files that go with it.
    pub folder: TempDir,
    cluster: &'static str,
    node: String,
    forwards: Mutex<Vec<Forward>>,
}

/// A running `kubectl port-forward`. It ends when nobody takes what it prints.
struct Forward(Child, BufReader<ChildStdout>);

impl Stand {
    /// A cluster with the definitions, and the image in its node. `Err` says what is missing on this machine.
    pub async fn start() -> Result<Self, String> {
        let definitions = upstream().join("crds");
        if !definitions.is_dir() {
            return Err(format!("{} is not there", definitions.display()));
        }
        let stand = Self::bare("agw-incluster-test").await?;
        stand.define(&definitions);
        Ok(stand)
    }

    /// A cluster with the image in its node.
    pub async fn bare(cluster: &'static str) -> Result<Self, String> {
        for image in [NODE_IMAGE, BASE_IMAGE] {
            says("docker", &["image", "inspect", "--format", "{{.Id}}", image], None)?;
        }
        let _ = rustls::crypto::ring::default_provider().install_default();
        let began = Instant::now();
        let folder = tempfile::tempdir().unwrap();
        let install = ReferenceInstall { image: IMAGE.to_owned(), release: "1.4.1".to_owned() };
        let mut stand = Self { install, folder, cluster, node: String::new(), forwards: Mutex::default() };
        let image = stand.folder.path().join("image");
        let built = std::thread::spawn(move || build_image(&image));
        stand.kind(&["create", "cluster", "--image", NODE_IMAGE, "--wait", "60s"]);
        built.join().unwrap();
        stand.kind(&["load", "docker-image", IMAGE]);
        let template = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        stand.node = says("docker", &["inspect", "-f", template, &format!("{cluster}-control-plane")], None).unwrap();
        stand.node = stand.node.trim().to_owned();
        println!("  cluster and image: {:.1} s", began.elapsed().as_secs_f64());
        Ok(stand)
    }

    /// The image of this program.
    pub fn image(&self) -> &str {
        &self.install.image
    }

    /// Says how long a part took.
    pub async fn timed(&self, what: &str, part: impl Future<Output = ()>) {
        let began = Instant::now();
        part.await;
        println!("  {what}: {:.1} s", began.elapsed().as_secs_f64());
    }

    /// Runs kind for this cluster.
    pub fn kind(&self, arguments: &[&str]) {
        let kubeconfig = self.kubeconfig();
        let mut all = [arguments, &["--name", self.cluster]].concat();
        if arguments.contains(&"cluster") {
            all.extend(["--kubeconfig", &kubeconfig]);
        }
        says("kind", &all, None).unwrap();
    }

    /// The path of its kubeconfig.
    pub fn kubeconfig(&self) -> String {
        self.folder.path().join("kubeconfig").display().to_string()
    }

    fn define(&self, definitions: &Path) {
        let mut files = vec![definitions.join("gateway-api/v1.6.1/standard-install.yaml")];
        for kind in ["backends", "parameters", "policies"] {
            files.push(definitions.join(format!("agentgateway/v1.4.1/agentgateway.dev_agentgateway{kind}.yaml")));
        }
        for file in files {
            self.kubectl(&["apply", "--server-side", "-f", &file.display().to_string()], None).unwrap();
        }
        self.kubectl(&["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"], None).unwrap();
    }

    /// What kubectl prints.
    pub fn kubectl(&self, arguments: &[&str], input: Option<&str>) -> Result<String, String> {
        let kubeconfig = self.kubeconfig();
        says("kubectl", &[&["--kubeconfig", &kubeconfig], arguments].concat(), input)
    }

    /// What `kubectl get` finds.
    pub fn get(&self, arguments: &[&str]) -> Option<Value> {
        let text = self.kubectl(&[&["get", "-o", "json"], arguments].concat(), None).ok()?;
        serde_json::from_str(&text).ok()
    }

    /// Applies documents.
    pub fn apply(&self, documents: &str) {
        self.kubectl(&["apply", "--server-side", "-f", "-"], Some(documents)).unwrap();
    }

    /// Applies objects.
    pub fn apply_objects(&self, objects: &[Value]) {
        self.apply(&json!({"apiVersion": "v1", "kind": "List", "items": objects}).to_string());
    }

    /// Applies an HTTPRoute and sees by a watch when it is accepted: nothing may come between that and the next request.
    pub async fn accepted(&self, name: &str, route: &Value) {
        let config = Kubeconfig::read_from(self.kubeconfig()).unwrap();
        let config = Config::from_custom_kubeconfig(config, &Default::default()).await.unwrap();
        let client = Client::try_from(config).unwrap();
        let routes: Api<DynamicObject> = Api::namespaced_with(client, "default", &Kind::HttpRoute.resource());
        let only = watcher::Config::default().fields(&format!("metadata.name={name}"));
        let mut changes = pin!(watcher(routes.clone(), only).applied_objects());
        routes.patch(name, &PatchParams::apply("test"), &Patch::Apply(route)).await.unwrap();
        let accepted = async {
            while let Some(route) = changes.next().await {
                let conditions = route.unwrap().data["status"]["parents"][0]["conditions"].clone();
                let mut conditions = conditions.as_array().into_iter().flatten();
                if conditions.any(|condition| condition["type"] == "Accepted" && condition["status"] == "True") {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, accepted).await.unwrap();
    }

    /// Waits until a Deployment is available; tells what its pods say if it never is.
    pub async fn available(&self, namespace: &str, name: &str) {
        let wanted = format!("deployment/{name}");
        let waited =
            self.kubectl(&["-n", namespace, "wait", "--for=condition=Available", &wanted, "--timeout=60s"], None);
        if let Err(error) = waited {
            let pods = self.kubectl(&["-n", namespace, "describe", "pods"], None).unwrap_or_default();
            let logs = self.kubectl(&["-n", namespace, "logs", &wanted], None).unwrap_or_else(|error| error);
            panic!("{error}\n{pods}\n{logs}");
        }
    }

    /// The status of a chat completion under a path.
    pub fn try_chat(&self, path: &str) -> Option<u16> {
        let body = r#"{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hello"}]}"#;
        self.request("POST", path, body)
    }

    /// The status of a GET.
    pub fn get_status(&self, path: &str) -> Option<u16> {
        self.request("GET", path, "")
    }

    /// A request on a connection of its own through the node port.
    fn request(&self, method: &str, path: &str, body: &str) -> Option<u16> {
        let address = format!("{}:{NODE_PORT}", self.node).parse().unwrap();
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n", self.node);
        let about = format!("content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        stream.write_all(format!("{head}{about}").as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        answer.split_whitespace().nth(1)?.parse().ok()
    }

    /// Sends a signal to the processes of all proxies, from their node.
    pub fn signal_proxies(&self, signal: &str) {
        let script = format!(
            "for p in /proc/[0-9]*; do grep -zqx proxy $p/cmdline 2>/dev/null && kill -{signal} ${{p#/proc/}}; done; true"
        );
        says("docker", &["exec", &format!("{}-control-plane", self.cluster), "sh", "-c", &script], None).unwrap();
    }

    /// A port of this machine that leads to a port of the cluster.
    pub async fn forward(&self, namespace: &str, target: &str, port: u16) -> u16 {
        let kubeconfig = self.kubeconfig();
        let mut child = Command::new("kubectl")
            .args(["--kubeconfig", &kubeconfig, "-n", namespace, "port-forward", target, &format!(":{port}")])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut line).unwrap();
        self.forwards.lock().unwrap().push(Forward(child, said));
        let port = line.split("127.0.0.1:").nth(1).and_then(|rest| rest.split_whitespace().next());
        port.and_then(|port| port.parse().ok()).unwrap_or_else(|| panic!("port-forward says: {line}"))
    }

    /// Wishes a mutant, or none, and waits until it is acted everywhere.
    pub async fn misbehave(&self, name: &str) {
        let began = Instant::now();
        self.set_mutant(name);
        until("the mutant is acted", || self.mutant_status().filter(|status| status == name)).await;
        println!("    mutant {name:?} after {:.2} s", began.elapsed().as_secs_f64());
    }

    /// Wishes a mutant.
    pub fn set_mutant(&self, name: &str) {
        self.apply_objects(&[json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": MUTANT_CONFIG_MAP, "namespace": SYSTEM_NAMESPACE},
            "data": {"name": name},
        })]);
    }

    /// What is told of the wished mutant.
    pub fn mutant_status(&self) -> Option<String> {
        let map = self.get(&["-n", SYSTEM_NAMESPACE, "configmap", MUTANT_CONFIG_MAP])?;
        map["data"]["status"].as_str().map(str::to_owned)
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        for Forward(mut child, said) in self.forwards.lock().unwrap().drain(..) {
            let _ = child.kill();
            let _ = child.wait();
            drop(said);
        }
        if std::env::var_os("AGW_KEEP").is_none() {
            let _ =
                says("kind", &["delete", "cluster", "--name", self.cluster, "--kubeconfig", &self.kubeconfig()], None);
        }
    }
}

/// Waits for something that has to come about.
pub async fn until<T>(what: &str, look: impl Fn() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "this never came about: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// An image of the executable that was built for this test, without its debug information.
fn build_image(folder: &Path) {
    fs::create_dir(folder).unwrap();
    let executable = env!("CARGO_BIN_EXE_agw-sandbox");
    let copy = folder.join("agw-sandbox").display().to_string();
    says("strip", &["-o", &copy, executable], None).unwrap();
    let recipe =
        format!("FROM {BASE_IMAGE}\nCOPY agw-sandbox /agw-sandbox\nUSER 10101:10101\nENTRYPOINT [\"/agw-sandbox\"]\n");
    fs::write(folder.join("Dockerfile"), recipe).unwrap();
    says("docker", &["build", "-q", "-t", IMAGE, &folder.display().to_string()], None).unwrap();
}

/// What a program prints, or what it complains about.
pub fn says(program: &str, arguments: &[&str], input: Option<&str>) -> Result<String, String> {
    let failed = |why: String| format!("{program} {}: {why}", arguments.join(" "));
    let mut child = Command::new(program)
        .args(arguments)
        .env("DOCKER_BUILDKIT", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| failed(error.to_string()))?;
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.unwrap_or_default().as_bytes()).map_err(|error| failed(error.to_string()))?;
    drop(stdin);
    let output = child.wait_with_output().map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
