//! The workflows: they can be read, and every command of ours in them is one that there is.

use agw_sandbox::{cli::Arguments, release};
use clap::Parser;
use serde_json::Value;
use std::{collections::BTreeSet, path::Path};

fn workflow(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows").join(name);
    let text = std::fs::read_to_string(&path).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn script(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts").join(name)).unwrap()
}

/// The text of every `run` step.
fn runs(workflow: &Value) -> Vec<String> {
    let jobs = workflow["jobs"].as_object().unwrap().values();
    let steps = jobs.flat_map(|job| job["steps"].as_array().unwrap().iter());
    steps.filter_map(|step| step["run"].as_str()).map(str::to_owned).collect()
}

/// Commands that begin with `program` in a script, as the words that the program gets.
fn commands(text: &str, program: &str) -> Vec<Vec<String>> {
    let text = text.replace("\\\n", " ");
    let lines = text.lines().filter_map(|line| {
        let from = line
            .find(program)
            .filter(|at| line[..*at].trim_end().ends_with(['(', '"']) || *at == line.len() - line.trim_start().len())?;
        let command = line[from + program.len()..].split([')', '|', ';', '>', '&']).next().unwrap_or_default();
        Some(command.split_whitespace().map(|word| word.trim_matches('"').to_owned()).collect::<Vec<String>>())
    });
    lines.collect()
}

/// Words stand for what the shell makes of them.
fn told(words: &[String]) -> Vec<String> {
    let meant = |word: &String| match word.as_str() {
        "$LINE" => "agentgateway-1.4".to_owned(),
        "$folder/profile.yaml" | "$evidence/junit.xml" => "file".to_owned(),
        other => other.to_owned(),
    };
    std::iter::once("agw-sandbox".to_owned()).chain(words.iter().map(meant)).collect()
}

#[track_caller]
fn understood(commands: &[Vec<String>], at_least: usize) {
    assert!(commands.len() >= at_least, "the commands are found at all: {commands:?}");
    for words in commands {
        if let Err(error) = Arguments::try_parse_from(told(words)) {
            panic!("agw-sandbox {}\n{error}", words.join(" "));
        }
    }
}

#[test]
fn the_commands_of_the_workflows_are_commands_of_ours() {
    let ci = runs(&workflow("ci.yml"));
    let found: Vec<_> = ci.iter().flat_map(|text| commands(text, "agw-sandbox ")).collect();
    understood(&found, 7);
    let verbs: BTreeSet<&str> = found.iter().map(|words| words[0].as_str()).collect();
    assert_eq!(verbs, BTreeSet::from(["cache", "doctor", "down", "kubeconfig", "plan", "test", "up"]));
}

#[test]
fn the_commands_of_the_scripts_are_commands_of_ours() {
    understood(&commands(&script("bench-up"), "\"${ours[@]}\" "), 3);
    understood(&commands(&script("up-by-hand"), "\"$program\" --sandbox by-hand "), 1);
    let ci = script("ci-kind");
    let runs: Vec<Vec<String>> = commands(&ci, "run ").into_iter().map(|words| words[1..].to_vec()).collect();
    understood(&runs, 3);
}

#[test]
fn the_charts_of_every_line_are_tried() {
    let ci = workflow("ci.yml");
    let lines = ci["jobs"]["charts"]["strategy"]["matrix"]["line"].as_array().unwrap();
    let lines: BTreeSet<&str> = lines.iter().map(|line| line.as_str().unwrap()).collect();
    let known: BTreeSet<&str> = release::lines().iter().map(|line| line.name.as_str()).collect();
    assert_eq!(lines, known);
}

#[test]
fn a_release_has_every_machine_and_the_sums_of_all() {
    let release = workflow("release.yml");
    let targets = release["jobs"]["binaries"]["strategy"]["matrix"]["include"].as_array().unwrap();
    let targets: Vec<&str> = targets.iter().map(|one| one["target"].as_str().unwrap()).collect();
    let wanted =
        ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl", "x86_64-apple-darwin", "aarch64-apple-darwin"];
    assert_eq!(targets, wanted);
    let said = runs(&release).join("\n");
    assert!(said.contains("sha256sum") && said.contains("scripts/Dockerfile"), "{said}");
    assert!(script("Dockerfile").contains("\nFROM scratch\n"));
    let profile = said.split("--profile ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    let cargo = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    assert!(cargo.contains(&format!("[profile.{profile}]")));
}
