//! The same `kubectl` commands against the embedded API and the real one; the answers must be equal.

use super::server::{self, Server};
use regex::Regex;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const LISTS: [(&str, &str); 3] = [
    ("transcript.txt", include_str!("transcript.txt")),
    ("refused.txt", include_str!("refused.txt")),
    ("farewell.txt", include_str!("farewell.txt")),
];
/// A command that takes longer has hung.
const SLOWEST_COMMAND: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn kubectl_sees_no_difference_to_the_real_api_server() {
    let shared = std::env::var("AGW_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let crds = PathBuf::from(shared).join("upstream/crds");
    if !crds.is_dir() {
        println!("skipped: there is no {}", crds.display());
        return;
    }
    if which::which("kubectl").is_err() {
        println!("skipped: there is no kubectl");
        return;
    }
    let real = match tokio::task::spawn_blocking(server::real).await.expect("no panic") {
        Ok(real) => real,
        Err(reason) => {
            println!("skipped: {reason}");
            return;
        }
    };
    let embedded = server::embedded().await;
    let crds = crds.canonicalize().expect("a path");
    let mut different = Vec::new();
    let mut commands = 0;
    for (list, text) in LISTS {
        let (expected, seen) = both(&real, &embedded, text, &crds).await;
        for (expected, seen) in expected.iter().zip(&seen) {
            commands += 1;
            if expected != seen {
                different.push(format!("{list}:\n--- real\n{expected}\n--- embedded\n{seen}"));
            }
        }
    }
    assert!(commands >= 100, "{commands} commands");
    assert!(different.is_empty(), "{} of {commands} differ\n\n{}", different.len(), different.join("\n\n"));
}

async fn both(real: &Server, embedded: &Server, text: &'static str, crds: &Path) -> (Vec<String>, Vec<String>) {
    let run = |server: &Server| {
        let (kubeconfig, crds) = (server.kubeconfig.clone(), crds.to_owned());
        tokio::task::spawn_blocking(move || play(text, &kubeconfig, &crds))
    };
    let (expected, seen) = tokio::join!(run(real), run(embedded));
    (expected.expect("no panic"), seen.expect("no panic"))
}

/// Runs all commands of a list; each answer starts with its command.
fn play(text: &str, kubeconfig: &Path, crds: &Path) -> Vec<String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/kubernetes_api");
    let commands = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    commands
        .map(|command| {
            let full =
                command.replace("{crds}", &crds.display().to_string()).replace("{here}", &here.display().to_string());
            let answer = kubectl(kubeconfig, &full.split(' ').collect::<Vec<_>>());
            format!("$ kubectl {command}\n{}", mask(&answer))
        })
        .collect()
}

fn kubectl(kubeconfig: &Path, arguments: &[&str]) -> String {
    let folder = kubeconfig.parent().expect("a folder");
    let (out, err) = (folder.join("out"), folder.join("err"));
    let file = |path: &Path| std::fs::File::create(path).expect("a file");
    let mut child = Command::new("kubectl")
        .arg("--kubeconfig")
        .arg(kubeconfig)
        .arg(format!("--cache-dir={}", folder.join("cache").display()))
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(file(&out))
        .stderr(file(&err))
        .spawn()
        .expect("kubectl");
    let deadline = Instant::now() + SLOWEST_COMMAND;
    let code = loop {
        if let Some(status) = child.try_wait().expect("a status") {
            break status.code().unwrap_or(-1);
        }
        if Instant::now() > deadline {
            let _ = child.kill();
            let _ = child.wait();
            panic!("kubectl {arguments:?} did not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let read = |path: &Path| std::fs::read_to_string(path).expect("an output");
    format!("{}{}exit {code}\n", in_order(&read(&out)), read(&err))
}

/// Owners of the same second have no order that one could rely on, nor have the objects of a list of files.
fn in_order(output: &str) -> String {
    let names = output.lines().all(|line| line.contains(" serverside-applied") || line.contains('/'));
    if names {
        let mut lines: Vec<&str> = output.lines().collect();
        lines.sort_unstable();
        return lines.into_iter().map(|line| format!("{line}\n")).collect();
    }
    if !output.starts_with("apiVersion:") {
        return output.to_owned();
    }
    let mut object: Value = serde_yaml::from_str(output).expect("YAML");
    if let Some(owners) = object.pointer_mut("/metadata/managedFields").and_then(Value::as_array_mut) {
        for owner in owners.iter_mut().filter_map(Value::as_object_mut) {
            owner.shift_remove("time");
        }
        owners.sort_by_key(ToString::to_string);
    }
    serde_yaml::to_string(&object).expect("YAML")
}

/// Hides what differs from run to run: identities, times, versions, addresses.
fn mask(text: &str) -> String {
    let masks = [
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<uid>"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "<time>"),
        (r"\d{4}-\d\d-\d\d[ \t]\d\d:\d\d:\d\d(\.\d+)?( [+-]\d{4})?( UTC)?", "<time>"),
        (r#"(resourceVersion|Resource Version):\s+"?\d+"?"#, "<version>"),
        (r"127\.0\.0\.1:\d+", "<address>"),
        (r"\b\d+(m\d+)?[sm]\b", "<age>"),
        (r"/(LIVE|MERGED)-\d+", "/$1"),
        (r"(?m)^[WEI]\d{4} \S+ +\d+ ", "<log> "),
        (r" {2,}", " "),
    ];
    masks.into_iter().fold(text.to_owned(), |text, (pattern, mask)| {
        Regex::new(pattern).expect("a pattern").replace_all(&text, mask).into_owned()
    })
}
