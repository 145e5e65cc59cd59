//! A server over the streams of its own process.

use crate::mocks::stand::PATIENCE;
use serde_json::{Value, json};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;
use tokio::time::timeout;

#[tokio::test]
async fn a_client_talks_to_it_line_by_line_and_it_ends_with_its_input() {
    let mut process = Command::new(env!("CARGO_BIN_EXE_agw-sandbox"))
        .args(["mock", "mcp", "--stdio", "workshop"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let (mut input, output) = (process.stdin.take().unwrap(), process.stdout.take().unwrap());
    let mut lines = BufReader::new(output).lines();
    let info = json!({ "name": "test", "version": "1" });
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info });
    let call = json!({ "name": "echo", "arguments": { "text": "hello" } });
    for message in [
        json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params }),
        json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }),
        json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": call }),
    ] {
        input.write_all(format!("{message}\n").as_bytes()).await.unwrap();
    }
    let mut next = async || -> Value {
        let line = timeout(PATIENCE, lines.next_line()).await.expect("an answer in time").unwrap().unwrap();
        serde_json::from_str(&line).unwrap()
    };
    assert_eq!(next().await["result"]["serverInfo"]["name"], "agw-sandbox-workshop");
    assert_eq!(next().await["result"]["content"][0]["text"], "[workshop] hello");
    drop(input);
    assert!(timeout(PATIENCE, process.wait()).await.expect("it ends").unwrap().success());
}

#[tokio::test]
async fn a_server_that_there_is_not_is_a_mistake_of_the_command_line() {
    let process = Command::new(env!("CARGO_BIN_EXE_agw-sandbox")).args(["mock", "mcp", "--stdio", "hostile"]).output();
    assert_eq!(process.await.unwrap().status.code(), Some(2));
}
