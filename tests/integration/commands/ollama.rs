//! The Ollama of this machine, reached through the gateway.

use super::life::chat;
use crate::kind::{ONE_AT_A_TIME, really};
use crate::support::{Sandbox, shared};
use std::{
    io::Read,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// A real Ollama with the model `tiny`; ended when this is dropped.
struct Ollama {
    script: Child,
    port: u16,
}

impl Ollama {
    fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::at("127.0.0.1", port)
    }

    fn start_for_pods() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self::at("0.0.0.0", port)
    }

    fn at(host: &str, port: u16) -> Option<Self> {
        let script = shared().join("testbed/ollama");
        if !script.is_file() || !std::path::Path::new("/opt/testbed/bin/ollama").is_file() {
            println!("skipped: there is no Ollama to serve on this machine");
            return None;
        }
        let mut child = Command::new(script)
            .arg(format!("{host}:{port}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        // Its script says so when the model is there.
        let mut said = [0; 1];
        let ready = child.stderr.as_mut().unwrap().read(&mut said).is_ok_and(|read| read == 1);
        assert!(ready && Instant::now() < deadline, "Ollama did not come up");
        Some(Self { script: child, port })
    }
}

impl Drop for Ollama {
    fn drop(&mut self) {
        // The script ends its server when it is asked to.
        let _ = Command::new("kill").arg(self.script.id().to_string()).status();
        let _ = self.script.wait();
        let end = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", self.port)).is_ok() && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

fn profile(sandbox: &Sandbox, port: u16, model: &str) -> String {
    profile_on(sandbox, "embedded", port, model)
}

fn profile_on(sandbox: &Sandbox, provider: &str, port: u16, model: &str) -> String {
    let text = format!(
        "schema: agw-sandbox/v1\nkind: Profile\nbackends:\n  \
         local: {{llm: ollama, at: \"host.internal:{port}\", optional: true{model}}}\n\
         routes: [{{path: /ollama, to: local}}]\nscenarios: []\n"
    );
    let file = sandbox.file("ollama.yaml", &text);
    format!("up --provider {provider} --gateway reference --profile {}", file.display())
}

#[test]
fn a_real_ollama_answers_through_the_gateway_and_its_absence_is_told() {
    let Some(ollama) = Ollama::start() else { return };
    let sandbox = Sandbox::new();
    let port = ollama.port;
    sandbox.run(&profile(&sandbox, port, ", model: tiny")).succeeds().says("tiny").does_not_say("HOST-0");
    let (status, body) = chat(&sandbox.url(), "/ollama/v1/chat/completions", false);
    assert_eq!(status, 200, "{body}");
    assert!(body.contains("\"choices\""), "{body}");
    let (status, stream) = chat(&sandbox.url(), "/ollama/v1/chat/completions", true);
    assert!(status == 200 && stream.contains("chat.completion.chunk") && stream.contains("[DONE]"), "{stream}");
    sandbox.run(&profile(&sandbox, port, ", model: nope")).succeeds().says("HOST-05").says("ollama pull nope");
    let asked = [("OLLAMA_HOST", format!("127.0.0.1:{port}"))];
    let elsewhere = [(asked[0].0, asked[0].1.as_str())];
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    sandbox.run_with(&profile(&sandbox, free, ""), &elsewhere).succeeds().says("HOST-03").says(&port.to_string());
    let doctor = |sandbox: &Sandbox| format!("doctor --profile {}", sandbox.path("ollama.yaml").display());
    sandbox.run_with(&doctor(&sandbox), &elsewhere).succeeds().says("HOST-03").says(&port.to_string());
    drop(ollama);
    sandbox.run(&profile(&sandbox, port, "")).succeeds().says("HOST-01").says("ollama serve");
    sandbox.run(&doctor(&sandbox)).succeeds().says("HOST-01");
}

/// From a pod, through the gateway, as `host.internal`; each thing that can be wrong is named, and the fix that is printed heals it.
#[test]
fn pods_reach_a_real_ollama_of_the_host() {
    if !really() {
        return;
    }
    let _alone = ONE_AT_A_TIME.blocking_lock();
    let Some(open) = Ollama::start_for_pods() else { return };
    let (sandbox, port) = (Sandbox::new(), open.port);
    let up = |model: &str| profile_on(&sandbox, "kind", port, model) + " --sandbox ollama-test";
    sandbox.run(&up(", model: tiny")).succeeds().says("tiny").does_not_say("HOST-0");
    let env = sandbox.run("env --sandbox ollama-test").succeeds().stdout();
    let line = env.lines().find_map(|line| line.strip_prefix("export AGW_SANDBOX_URL='")).unwrap();
    let url = line.trim_end_matches('\'');
    let (status, body) = chat(url, "/ollama/v1/chat/completions", false);
    assert!(status == 200 && body.contains("\"choices\""), "{status} {body}");
    let (status, stream) = chat(url, "/ollama/v1/chat/completions", true);
    assert!(status == 200 && stream.contains("chat.completion.chunk") && stream.contains("[DONE]"), "{stream}");
    sandbox.run(&up(", model: nope")).succeeds().says("HOST-05").says("ollama pull nope");

    let (network, tcp) = ("172.16.0.0/12", port.to_string());
    let rule = |action| {
        Command::new("iptables")
            .args([action, "INPUT", "-s", network, "-p", "tcp", "--dport", &tcp, "-j", "DROP"])
            .status()
    };
    if rule("-I").is_ok_and(|status| status.success()) {
        let said = sandbox.run(&up(", model: tiny"));
        assert!(rule("-D").unwrap().success());
        said.succeeds().says("HOST-06").says("iptables -I INPUT");
    } else {
        println!("skipped: no iptables for the firewall's case");
    }
    drop(open);
    sandbox
        .run(&up(", model: tiny"))
        .succeeds()
        .says("HOST-01")
        .says(&format!("OLLAMA_HOST=0.0.0.0:{port} ollama serve"));
    let loopback = Ollama::at("127.0.0.1", port).unwrap();
    sandbox
        .run(&up(", model: tiny"))
        .succeeds()
        .says("HOST-02")
        .says(&format!("OLLAMA_HOST=0.0.0.0:{port} ollama serve"));
    drop(loopback);
    // What the fix says.
    let _healed = Ollama::at("0.0.0.0", port).unwrap();
    sandbox.run(&up(", model: tiny")).succeeds().says("tiny").does_not_say("HOST-0");
    sandbox.run("down --sandbox ollama-test").succeeds();
}
