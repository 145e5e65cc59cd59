//! Ollama's mock, judged by the real server.

use super::stand::{Stand, answer, fault};
use agw_sandbox::exchange::Fault;
use reqwest::Method;
use serde_json::{Map, Value, json};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::process::{Child, Command};

const REQUESTS: &str = include_str!("ollama/requests.txt");
const SERVER: &str = "/opt/testbed/bin/ollama";
const DEADLINE: Duration = Duration::from_secs(60);

/// Requests on which both may differ, with the reason. At most five.
const DEVIATIONS: [(&str, &str); 0] = [];

/// The real server, until it is dropped.
struct Real {
    server: Child,
    _home: tempfile::TempDir,
    address: SocketAddr,
}

impl Drop for Real {
    fn drop(&mut self) {
        // A server that is killed leaves the process that runs its model behind.
        let Some(pid) = self.server.id().and_then(|id| rustix::process::Pid::from_raw(id as i32)) else { return };
        let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        let started = Instant::now();
        while matches!(self.server.try_wait(), Ok(None)) && started.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Real {
    /// Starts it, or tells why it cannot be.
    async fn start() -> Result<Self, String> {
        if !Path::new(SERVER).exists() {
            return Err(format!("{SERVER} is not there"));
        }
        let home = tempfile::tempdir().unwrap();
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let command = |arguments: &[&str]| {
            let mut command = Command::new(SERVER);
            command.args(arguments).env("HOME", home.path()).env("OLLAMA_HOST", address.to_string());
            command.current_dir("/opt/testbed").stdout(Stdio::null()).stderr(Stdio::null()).kill_on_drop(true);
            command
        };
        let server = command(&["serve"]).spawn().unwrap();
        let started = Instant::now();
        while tokio::net::TcpStream::connect(address).await.is_err() {
            assert!(started.elapsed() < DEADLINE, "the real server does not listen");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let model: PathBuf = "/opt/testbed/Modelfile".into();
        let created = command(&["create", "tiny", "-f", &model.to_string_lossy()]).status();
        let created = tokio::time::timeout(DEADLINE, created).await.expect("creating the model takes too long");
        assert!(created.unwrap().success());
        Ok(Self { server, _home: home, address })
    }
}

/// Status, content type and shape of an answer.
async fn shown(http: &reqwest::Client, address: SocketAddr, line: &str) -> (u16, String, Value) {
    let mut words = line.splitn(3, ' ');
    let (method, target) = (words.next().unwrap(), words.next().unwrap());
    let request = http.request(method.parse().unwrap(), format!("http://{address}{target}")).timeout(DEADLINE);
    let request = match words.next() {
        Some(body) => {
            let body = body.strip_prefix('@').unwrap_or(body).to_owned();
            request.header("content-type", "application/json").body(body)
        }
        None => request,
    };
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let kind = response.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned()).unwrap_or_default();
    let body = response.text().await.unwrap();
    let shape = match kind.split(';').next().unwrap() {
        _ if body.is_empty() => Value::Null,
        "application/json" => shape(&serde_json::from_str(&body).unwrap()),
        "application/x-ndjson" => order(body.lines().map(|line| serde_json::from_str(line).unwrap())),
        "text/event-stream" => order(body.split("\n\n").filter(|event| !event.is_empty()).map(|event| {
            let data = event.strip_prefix("data: ").unwrap();
            serde_json::from_str(data).unwrap_or_else(|_| data.into())
        })),
        _ => body.into(),
    };
    (status, kind, shape)
}

/// Events of one shape that follow each other count once: how many words an answer has is not compared.
fn order(events: impl Iterator<Item = Value>) -> Value {
    let mut shapes: Vec<Value> = events.map(|event| shape(&event)).collect();
    shapes.dedup();
    shapes.into()
}

/// Names and types, sorted; texts of errors as they are. A list has the shapes of its items, each once.
fn shape(value: &Value) -> Value {
    match value {
        Value::Object(fields) if fields.contains_key("error") => value.clone(),
        Value::Object(fields) => {
            let mut fields: Vec<(&String, Value)> = fields.iter().map(|(name, value)| (name, shape(value))).collect();
            fields.sort_by_key(|(name, _)| name.to_owned());
            fields.into_iter().map(|(name, shape)| (name.clone(), shape)).collect::<Map<_, _>>().into()
        }
        Value::Array(items) => {
            let mut shapes: Vec<Value> = Vec::new();
            for item in items.iter().map(shape) {
                if !shapes.contains(&item) {
                    shapes.push(item);
                }
            }
            shapes.into()
        }
        Value::Null => "null".into(),
        Value::Bool(_) => "boolean".into(),
        Value::Number(_) => "number".into(),
        Value::String(_) => "text".into(),
    }
}

#[tokio::test]
async fn every_request_of_the_script_is_answered_as_by_the_real_server() {
    let real = match Real::start().await {
        Ok(real) => real,
        Err(reason) => return println!("skipped: {reason}"),
    };
    let stand = Stand::start().await;
    let lines: Vec<&str> = REQUESTS.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
    assert!(lines.len() >= 80 && DEVIATIONS.len() <= 5);
    let mut differences = vec![];
    for line in lines {
        let theirs = shown(&stand.http, real.address, line).await;
        let ours = shown(&stand.http, stand.address("ollama"), line).await;
        let may_differ = DEVIATIONS.iter().any(|(known, _)| known == &line);
        if (theirs == ours) == may_differ {
            differences.push(format!("{line}\n  theirs: {theirs:?}\n  ours:   {ours:?}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[tokio::test]
async fn tools_thoughts_and_schemas() {
    let stand = Stand::start().await;
    let chat = |body: Value| answer(stand.request("ollama", Method::POST, "/api/chat").json(&body));
    let user = |text: &str| json!([{ "role": "user", "content": text }]);
    let tool = json!({ "type": "function", "function": { "name": "warmth", "parameters": {
        "type": "object", "properties": { "city": { "type": "string" } } } } });
    let request =
        json!({ "model": "qwen3", "messages": user("call warmth"), "tools": [tool], "think": true, "stream": false });
    let (_, body) = chat(request).await;
    let call = &body["message"]["tool_calls"][0]["function"];
    assert!(call["name"] == "warmth" && call["arguments"].is_object(), "{body}");
    assert!(body["message"]["thinking"].is_string());
    let schema = json!({ "type": "object", "properties": { "a": { "type": "integer" } }, "required": ["a"] });
    let request = json!({ "model": "tiny", "messages": user("hi"), "format": schema, "stream": false });
    let (_, body) = chat(request).await;
    let text: Value = serde_json::from_str(body["message"]["content"].as_str().unwrap()).unwrap();
    assert!(text["a"].is_i64());
}

#[tokio::test]
async fn faults_come_between_lines() {
    let stand = Stand::start().await;
    let error: Fault = serde_yaml::from_str("{errorEvent: {afterEvents: 1, status: 503}}").unwrap();
    stand.behave("error", "ollama", None, vec![error]).await;
    stand.behave("busy", "ollama", None, vec![Fault { status: Some(503), ..fault() }]).await;
    let body = json!({ "model": "tiny", "messages": [{ "role": "user", "content": "hi" }] });
    let post = |lane: &str| stand.request("ollama", Method::POST, "/api/chat").header("x-agw-lane", lane).json(&body);
    let text = post("error").send().await.unwrap().text().await.unwrap();
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    assert!(text.lines().count() == 2 && last["error"].as_str().unwrap().starts_with("server busy"), "{text}");
    assert_eq!(answer(post("busy")).await.0, 503);
}
