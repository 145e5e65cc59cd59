//! The machine: background processes, Docker, Ollama, and what doctor says about them.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use agw_sandbox::check::{Check, DoctorOptions, Verdict, doctor, nothing_would_work};
use agw_sandbox::host::{OllamaProblem, OllamaQuestion, Vantage, probe};
use agw_sandbox::process::{
    Background, DockerAddress, DockerEnvironment, DockerError, Ended, ProcessIdentity, connect_docker, end_process,
    next_free_port,
};
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinHandle;

/// A process for a test, killed at its end whatever happens.
struct Sleeper {
    identity: ProcessIdentity,
    folder: tempfile::TempDir,
}

impl Sleeper {
    fn running(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let background = Background {
            program: PathBuf::from("/bin/sh"),
            arguments: vec!["-c".into(), script.into()],
            environment: vec![("GREETING".into(), "hello".into())],
            log: folder.path().join("log"),
        };
        Self { identity: background.start().unwrap(), folder }
    }

    async fn has_logged(&self, text: &str) {
        for _ in 0..200 {
            if std::fs::read_to_string(self.folder.path().join("log")).unwrap().contains(text) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{text} is not in the log");
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        if self.identity.is_alive() {
            let pid = self.identity.pid.to_string();
            let _ = std::process::Command::new("kill").args(["-KILL", &pid]).status();
        }
    }
}

#[tokio::test]
async fn a_background_process_is_started_and_ended() {
    let sleeper = Sleeper::running("echo \"$GREETING\"; echo oops >&2; exec sleep 60");
    sleeper.has_logged("hello").await;
    sleeper.has_logged("oops").await;
    assert!(sleeper.identity.is_alive());
    assert_eq!(end_process(&sleeper.identity, Duration::from_secs(5)).await, Ok(Ended::Asked));
    assert_eq!(end_process(&sleeper.identity, Duration::from_secs(5)).await, Ok(Ended::Before));
}

#[tokio::test]
async fn a_process_that_does_not_listen_is_killed() {
    let sleeper = Sleeper::running("trap '' TERM; echo deaf; while :; do sleep 0.05; done");
    sleeper.has_logged("deaf").await;
    assert_eq!(end_process(&sleeper.identity, Duration::from_millis(100)).await, Ok(Ended::Killed));
    assert!(!sleeper.identity.is_alive());
}

#[tokio::test]
async fn a_number_that_was_used_again_is_left_alone() {
    let sleeper = Sleeper::running("exec sleep 60");
    let other = ProcessIdentity { started: "another time".to_owned(), ..sleeper.identity.clone() };
    assert_eq!(end_process(&other, Duration::from_millis(100)).await, Ok(Ended::Before));
    assert!(sleeper.identity.is_alive());
}

#[test]
fn docker_is_found_as_its_command_line_finds_it() {
    let folder = tempfile::tempdir().unwrap();
    // SHA-256 of `colima`.
    let meta = folder.path().join("contexts/meta/f24fd3749c1368328e2b149bec149cb6795619f244c5b584e844961215dadd16");
    std::fs::create_dir_all(&meta).unwrap();
    let description = r#"{"Name":"colima","Endpoints":{"docker":{"Host":"unix:///colima.sock"}}}"#;
    std::fs::write(meta.join("meta.json"), description).unwrap();
    std::fs::write(folder.path().join("config.json"), r#"{"currentContext":"colima"}"#).unwrap();

    let configured = DockerEnvironment { config: Some(folder.path().to_owned()), ..DockerEnvironment::default() };
    assert_eq!(configured.address().unwrap().to_string(), "unix:///colima.sock");
    let gone = DockerEnvironment { context: Some("gone".to_owned()), ..configured.clone() };
    assert_eq!(gone.address(), Err(DockerError::NoContext { name: "gone".to_owned() }));
    let host = DockerEnvironment { host: Some("tcp://10.0.0.1:2375".to_owned()), ..gone };
    assert_eq!(host.address(), Ok(DockerAddress::Tcp("10.0.0.1:2375".to_owned())));
    let far = DockerEnvironment { host: Some("ssh://box".to_owned()), ..host };
    assert!(matches!(far.address(), Err(DockerError::Unsupported { .. })));
}

fn docker_at(host: String) -> DockerEnvironment {
    DockerEnvironment { host: Some(host), ..DockerEnvironment::default() }
}

#[tokio::test]
async fn without_docker_the_reason_is_told() {
    let error = connect_docker(&docker_at("unix:///nowhere/docker.sock".to_owned())).await.unwrap_err();
    assert_eq!(error.to_string(), "no Docker at unix:///nowhere/docker.sock");

    let silent = Stub::serving("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await;
    let error = connect_docker(&docker_at(format!("tcp://{}", silent.address))).await.unwrap_err();
    assert!(matches!(error, DockerError::Silent { .. }), "{error}");
}

#[tokio::test]
async fn the_docker_of_this_machine_says_its_version() {
    match connect_docker(&DockerEnvironment::from_env()).await {
        Ok(docker) => {
            assert!(docker.version.starts_with(|first: char| first.is_ascii_digit()), "{}", docker.version);
            assert_eq!(docker.client.ping().await.unwrap(), "OK");
        }
        Err(DockerError::NotThere { address }) => println!("skipped: no Docker at {address}"),
        Err(error) => panic!("{error}"),
    }
}

/// A server that answers every path of its list, or everything with one text.
struct Stub {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Stub {
    async fn serving(answer: &'static str) -> Self {
        Self::answering("127.0.0.1:0", move |_| answer.to_owned()).await
    }

    /// Plays as much of Ollama as the probe asks for.
    async fn ollama(models: &'static [&'static str]) -> Self {
        Self::answering("127.0.0.1:0", move |request| {
            let tags: Vec<_> = models.iter().map(|name| serde_json::json!({"name": name})).collect();
            let body = match request.contains("/api/tags") {
                true => serde_json::json!({"models": tags}),
                false => serde_json::json!({"version": "0.17.4"}),
            };
            let body = body.to_string();
            format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
        })
        .await
    }

    async fn answering(at: &str, answer: impl Fn(&str) -> String + Send + 'static) -> Self {
        let listener = tokio::net::TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 2048];
                let read = stream.read(&mut request).await.unwrap_or(0);
                let _ = stream.write_all(answer(&String::from_utf8_lossy(&request[..read])).as_bytes()).await;
            }
        });
        Self { address, task }
    }
}

/// A question that looks at no port of the real machine.
fn question(port: u16) -> OllamaQuestion {
    OllamaQuestion { other_ports: Vec::new(), ..OllamaQuestion::new(format!("host.internal:{port}")) }
}

/// A port on which nothing listens.
fn unused_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[tokio::test]
async fn an_ollama_is_ready_when_it_has_the_model() {
    let stub = Stub::ollama(&["tiny:latest", "qwen3:0.6b"]).await;
    let ready = probe(&question(stub.address.port())).await.unwrap();
    assert_eq!((ready.version.as_str(), ready.models.len()), ("0.17.4", 2));
    let tiny = OllamaQuestion { model: Some("tiny".to_owned()), ..question(stub.address.port()) };
    assert!(probe(&tiny).await.is_ok());

    let missing = OllamaQuestion { model: Some("llama3".to_owned()), ..tiny };
    let problem = probe(&missing).await.unwrap_err();
    assert_eq!(problem.to_string(), "runs without the model llama3; it has tiny:latest, qwen3:0.6b");
    assert_eq!((problem.id().as_str(), problem.fix().as_str()), ("HOST-05", "ollama pull llama3"));

    let empty = Stub::ollama(&[]).await;
    let problem = probe(&question(empty.address.port())).await.unwrap_err();
    assert_eq!(problem.to_string(), "runs without a single model");
}

#[tokio::test]
async fn nothing_there_is_told_at_once() {
    let port = unused_port();
    let start = Instant::now();
    let problem = probe(&question(port)).await.unwrap_err();
    assert!(start.elapsed() < Duration::from_millis(300));
    assert_eq!(problem.to_string(), format!("nothing listens on 127.0.0.1:{port}"));
    assert_eq!(problem.id(), "HOST-01");
    assert_eq!(problem.fix(), format!("OLLAMA_HOST=127.0.0.1:{port} ollama serve"));
}

#[tokio::test]
async fn another_port_is_found() {
    let stub = Stub::ollama(&["tiny"]).await;
    let there = OllamaQuestion { other_ports: vec![stub.address.port()], ..question(unused_port()) };
    let problem = probe(&there).await.unwrap_err();
    assert!(matches!(problem, OllamaProblem::WrongPort { found, .. } if found == Some(stub.address.port())));

    let stranger = Stub::serving("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi").await;
    let problem = probe(&question(stranger.address.port())).await.unwrap_err();
    assert_eq!(problem.to_string(), format!("something that is not Ollama answers on {}", stranger.address));
    assert_eq!(problem.id(), "HOST-03");
}

#[tokio::test]
async fn loopback_is_not_enough_for_pods() {
    let stub = Stub::ollama(&["tiny"]).await;
    let Some(own) = own_address() else {
        println!("skipped: this machine has no address but loopback");
        return;
    };
    let pods = OllamaQuestion { from: Vantage::Pods(own), ..question(stub.address.port()) };
    let problem = probe(&pods).await.unwrap_err();
    assert_eq!(problem.id(), "HOST-02");
    assert!(problem.fix().contains(&format!("OLLAMA_HOST=0.0.0.0:{} ollama serve", stub.address.port())));
}

/// The address that this machine would call others from; nothing is sent.
fn own_address() -> Option<IpAddr> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let own = socket.local_addr().ok()?.ip();
    (!own.is_loopback() && !own.is_unspecified()).then_some(own)
}

#[tokio::test]
async fn a_name_that_leads_nowhere_is_told() {
    let lost = OllamaQuestion { authority: "ollama.invalid:11434".to_owned(), ..question(1) };
    let problem = probe(&lost).await.unwrap_err();
    assert_eq!(problem.to_string(), "the name ollama.invalid leads to no address");
    assert_eq!(problem.id(), "HOST-04");
}

/// The real server of the testbed with its model `tiny`.
struct RealOllama(std::process::Child);

impl Drop for RealOllama {
    fn drop(&mut self) {
        let _ = std::process::Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_real_ollama_is_recognised() {
    let shared = std::env::var("AGW_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let script = Path::new(&shared).join("testbed/ollama");
    if !script.exists() || !Path::new("/opt/testbed/bin/ollama").exists() {
        println!("skipped: no Ollama in the testbed");
        return;
    }
    let port = next_free_port("127.0.0.1:21434".parse().unwrap(), 200).unwrap();
    let quiet = std::process::Stdio::null;
    let mut command = std::process::Command::new(&script);
    let child = command.arg(format!("127.0.0.1:{port}")).stdout(quiet()).stderr(quiet()).spawn().unwrap();
    let _ollama = RealOllama(child);

    let asked = OllamaQuestion { model: Some("tiny".to_owned()), ..question(port) };
    let mut state = probe(&asked).await;
    for _ in 0..300 {
        if state.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
        state = probe(&asked).await;
    }
    assert_eq!(state.unwrap().models, ["tiny:latest"]);
    let other = OllamaQuestion { model: Some("qwen3:0.6b".to_owned()), ..asked };
    assert_eq!(probe(&other).await.unwrap_err().id(), "HOST-05");
}

async fn check(title: &str, options: &DoctorOptions) -> Check {
    let groups = doctor(options).await;
    groups.into_iter().flat_map(|group| group.checks).find(|check| check.title == title).unwrap()
}

fn options(state_dir: &Path) -> DoctorOptions {
    DoctorOptions {
        state_dir: state_dir.to_owned(),
        gateway: SocketAddr::from(([127, 0, 0, 1], unused_port())),
        ollama: None,
        docker: docker_at("unix:///nowhere/docker.sock".to_owned()),
        proxies: Default::default(),
        proc: "/proc".into(),
    }
}

#[tokio::test]
async fn a_machine_without_docker_is_ready_for_embedded() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(&folder.path().join("not/yet/there"));
    let groups = doctor(&options).await;
    assert!(!nothing_would_work(&groups));
    let names: Vec<_> = groups.iter().map(|group| group.name).collect();
    assert_eq!(names, ["machine", "tools", "host", "state"]);
    let docker = check("docker", &options).await;
    assert_eq!((docker.verdict, docker.id.as_deref()), (Verdict::Warning, Some("DOCKER-02")));
    assert_eq!(check("state", &options).await.verdict, Verdict::Ok);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "doctor leaves nothing behind");
}

#[tokio::test]
async fn a_state_folder_that_is_a_file_stops_everything() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let options = options(&file.path().join("state"));
    let groups = doctor(&options).await;
    assert!(nothing_would_work(&groups));
    assert_eq!(check("state", &options).await.id.as_deref(), Some("MACHINE-01"));
}

#[tokio::test]
async fn a_taken_port_names_the_next_free_one() {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let options = DoctorOptions { gateway: listener.local_addr().unwrap(), ..options(folder.path()) };
    let port = check("port", &options).await;
    assert_eq!((port.verdict, port.id.as_deref()), (Verdict::Warning, Some("MACHINE-03")));
    assert!(port.fix.unwrap().contains("takes the next free one"));
}

#[tokio::test]
async fn the_ollama_of_the_profile_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::ollama(&["tiny"]).await;
    let with = DoctorOptions { ollama: Some(question(stub.address.port())), ..options(folder.path()) };
    assert_eq!(check("ollama", &with).await.verdict, Verdict::Ok);
    let without = options(folder.path());
    assert_eq!(check("ollama", &without).await.verdict, Verdict::Skipped);
}
