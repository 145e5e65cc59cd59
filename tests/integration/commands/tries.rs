//! The table of `agw-sandbox mock all`: every row has a line that works when it is pasted.

use crate::support::Sandbox;
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Mocks while they run.
struct Mocks(Child);

impl Drop for Mocks {
    fn drop(&mut self) {
        // Both fail only when it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts them; returns what they say up to the line that is wanted.
fn start(sandbox: &Sandbox, arguments: &str, is_last: impl Fn(&str) -> bool) -> (Mocks, Vec<String>) {
    let mut child = sandbox.command(arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let stdout = BufReader::new(child.stdout.take().unwrap());
    let mocks = Mocks(child);
    let mut said = Vec::new();
    for line in stdout.lines() {
        said.push(line.unwrap());
        if is_last(said.last().unwrap()) {
            return (mocks, said);
        }
    }
    panic!("the mocks ended: {said:#?}");
}

fn shell(sandbox: &Sandbox, line: &str) -> (bool, String) {
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_agw-sandbox")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-c", line]).env("PATH", path).env("AGW_SANDBOX_HOME", sandbox.state()).env("no_proxy", "*");
    let output = command.stdin(Stdio::null()).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

fn has_curl() -> bool {
    Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// What a line says when it works.
fn sign(mock: &str) -> &'static str {
    match mock {
        "identity" => "\"access_token\":\"ey",
        "echo" | "echo-tls" => "\"target\":\"/hello",
        "echo-mtls" => "\"sandbox-client\"",
        "echo-expired" | "echo-wrong-host" => "refused, as it should be",
        "openai" | "anthropic" | "gemini" | "vertex" | "azure" | "bedrock" | "ollama" => "You said: hello",
        "everything" | "toolbox" | "kubernetes" | "slow" | "flaky" | "big" | "workshop" | "protected" | "hostile" => {
            "serverInfo"
        }
        "legacy" => "event: endpoint",
        "ext-authz" | "ext-authz-http" => "x-ext-authz-check-result",
        "ext-proc" => "headerMutation",
        "rate-limit" => "limitRemaining",
        "guardrail" => "****ing",
        "otlp" => "└─ POST /v1/chat/completions",
        "otlp-http" => "{}",
        _ => panic!("nobody has said how the line of {mock} works"),
    }
}

#[test]
fn every_line_of_the_table_works_when_it_is_pasted() {
    if !has_curl() {
        return println!("skipped: curl is not installed");
    }
    let sandbox = Sandbox::new();
    let (_mocks, said) = start(&sandbox, "mock all --any-ports", |line| line.starts_with("# "));
    let rows = said.iter().position(|line| line.starts_with("MOCK ")).unwrap() + 1;
    let rows: Vec<(&String, &String)> = said[rows..].chunks_exact(2).map(|pair| (&pair[0], &pair[1])).collect();
    let rows: Vec<_> = rows.into_iter().filter(|(row, _)| row.contains("://")).collect();
    assert!(rows.len() >= 30, "{said:#?}");
    for (row, line) in rows {
        let mock = row.split_whitespace().next().unwrap();
        let line = line.strip_prefix("  $ ").unwrap_or_else(|| panic!("no line to try {mock}"));
        let (works, answered) = shell(&sandbox, line);
        assert!(works && !answered.is_empty() && answered.contains(sign(mock)), "{mock}: {line}\n{answered}");
    }
}

#[test]
fn tokens_and_certificates_are_those_of_the_mocks_that_run() {
    let sandbox = Sandbox::new();
    let (mocks, said) = start(&sandbox, "mock services --any-ports --output json", |_| true);
    let ready: Value = serde_json::from_str(&said[0]).unwrap();
    let verify = |mint: &str, verify: &str| {
        shell(&sandbox, &format!("agw-sandbox token {mint} | agw-sandbox token verify {verify}"))
    };
    let (good, claims) = verify("--sub a --claim team=x --claim admin=true --audience gw --ttl 5m", "--audience gw");
    assert!(good && claims.contains("team: \"x\"") && claims.contains("admin: true"), "{claims}");
    for flaw in
        ["--expired", "--not-yet", "--wrong-issuer", "--wrong-audience", "--wrong-key", "--rotated", "--alg-none"]
    {
        let (good, why) = verify(flaw, "--audience agw-sandbox");
        assert!(!good && why.starts_with("bad: "), "{flaw}: {why}");
    }
    let told = sandbox.run("token --alg RS256 --output json").succeeds().last_event("token");
    assert_eq!(told["claims"]["iss"], ready["urls"]["identity"]);
    assert_eq!(told["header"]["alg"], "RS256");
    assert!(told["expiresAt"].as_str().unwrap().ends_with('Z'));
    sandbox.run("token --claim team").exits(2).says("NAME=VALUE");
    sandbox.run("token --realm a/b").exits(6).says("MOCK-50");
    sandbox.run("token verify").exits(6).says("MOCK-52");
    let authority = std::fs::read_to_string(ready["trust"]["authority"].as_str().unwrap()).unwrap();
    assert_eq!(sandbox.run("trust").succeeds().stdout().trim(), authority.trim());
    let folder = sandbox.path("certificates");
    sandbox.run(&format!("trust --write {}", folder.display())).succeeds().does_not_say("PRIVATE");
    let key = std::fs::read_to_string(folder.join("client.key")).unwrap();
    assert!(key.contains("PRIVATE KEY"));
    #[cfg(unix)]
    for file in
        [folder.join("client.key"), sandbox.state().join("mocks.keys"), sandbox.state().join("mocks.client.key")]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{}", file.display());
    }
    let kept = sandbox.run("token").succeeds().stdout();
    drop(mocks);
    // The keys stay when the mocks are started again.
    let (_mocks, said) = start(&sandbox, "mock services --any-ports --output json", |_| true);
    let ready: Value = serde_json::from_str(&said[0]).unwrap();
    let again = std::fs::read_to_string(ready["trust"]["authority"].as_str().unwrap()).unwrap();
    assert_eq!(again, authority);
    let head = |token: &str| token.split('.').next().unwrap().to_owned();
    assert_eq!(head(&sandbox.run("token").succeeds().stdout()), head(&kept));
}

#[test]
fn a_sandbox_on_embedded_has_its_own_tokens() {
    let sandbox = Sandbox::up();
    let told = sandbox.run("token --sub a --output json").succeeds().last_event("token");
    assert_eq!(told["claims"]["iss"], "http://identity.agw-mocks.svc.cluster.local");
    let (good, said) = shell(&sandbox, "agw-sandbox token | agw-sandbox token verify --audience agw-sandbox");
    assert!(good, "{said}");
    sandbox.run("trust").succeeds().says("BEGIN CERTIFICATE");
    sandbox.run("down").succeeds();
}
