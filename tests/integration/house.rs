//! The house rules: who may import whom, and that every id has its story.

#![allow(clippy::unwrap_used)]

use agw_sandbox::check::{all_ids, explain};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A room and the rooms that it may import. Changing this table is a decision, not an accident.
const ROOMS: &[(&str, &[&str])] = &[
    ("exchange", &[]),
    ("wire", &[]),
    ("release", &[]),
    ("event", &["exchange"]),
    ("process", &["event"]),
    ("canonical", &["exchange"]),
    ("profile", &["canonical", "exchange"]),
    ("cluster", &["event"]),
    ("chart", &["process", "cluster", "event", "release"]),
    ("host", &["process", "cluster", "event"]),
    ("image", &["process", "cluster"]),
    ("provider", &["process", "cluster", "event"]),
    ("resolve", &["profile", "release", "canonical", "provider", "process", "host", "chart", "image", "event"]),
    ("plan", &["resolve", "canonical", "provider", "chart", "cluster", "exchange", "gateway"]),
    (
        "execute",
        &[
            "plan",
            "resolve",
            "canonical",
            "provider",
            "process",
            "cluster",
            "chart",
            "host",
            "image",
            "exchange",
            "event",
        ],
    ),
    ("mock", &["exchange", "wire"]),
    ("embedded", &[]),
    ("gateway", &["wire"]),
    ("serve", &["embedded", "gateway", "mock", "provider", "process", "event"]),
    ("scenario", &["canonical", "cluster", "exchange", "wire", "event"]),
    (
        "sandbox",
        &[
            "profile",
            "chart",
            "release",
            "resolve",
            "plan",
            "execute",
            "canonical",
            "scenario",
            "provider",
            "cluster",
            "exchange",
            "event",
        ],
    ),
    ("check", &["cluster", "host", "process", "provider", "event"]),
    ("report", &["event", "exchange"]),
];

/// The command line may import every room.
const ABOVE_ALL: &str = "cli";

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found
}

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Rooms that a text imports: `crate::room::…`, `crate::{room::…, room}`.
fn imports(text: &str) -> BTreeSet<String> {
    let single = Regex::new(r"\bcrate::([a-z_]+)").unwrap();
    let group = Regex::new(r"(?s)\bcrate::\{(.*?)\};").unwrap();
    let first = Regex::new(r"(?:^|,)\s*([a-z_]+)").unwrap();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut rooms: BTreeSet<String> = single.captures_iter(&code).map(|found| found[1].to_owned()).collect();
    for list in group.captures_iter(&code) {
        let flat = without_inner_braces(&list[1]);
        rooms.extend(first.captures_iter(&flat).map(|found| found[1].to_owned()));
    }
    rooms
}

fn without_inner_braces(list: &str) -> String {
    let mut depth = 0_u32;
    list.chars()
        .filter(|letter| {
            depth += u32::from(*letter == '{');
            let outside = depth == 0;
            depth = depth.saturating_sub(u32::from(*letter == '}'));
            outside
        })
        .collect()
}

#[test]
fn imports_are_found_in_every_form() {
    let text = "use crate::wire::{a, b};\n// crate::gone\nuse crate::{event, mock::{x, y}, plan::Step};\n";
    assert_eq!(imports(text).into_iter().collect::<Vec<_>>(), ["event", "mock", "plan", "wire"]);
}

#[test]
fn every_room_imports_only_what_the_table_grants() {
    let table: BTreeMap<_, _> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(src()).unwrap() {
        let folder = entry.unwrap().path();
        if !folder.is_dir() {
            continue;
        }
        let room = folder.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(granted) = table.get(room.as_str()) else {
            if room != ABOVE_ALL {
                wrong.push(format!("src/{room} is not in the table"));
            }
            continue;
        };
        for file in sources(&folder) {
            for import in imports(&std::fs::read_to_string(&file).unwrap()) {
                if import != room && !granted.contains(&import.as_str()) {
                    wrong.push(format!("{} imports {import}", file.strip_prefix(src()).unwrap().display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "against the table of rooms:\n{}", wrong.join("\n"));
}

/// Every id in the sources with the places that say it.
fn ids() -> BTreeMap<String, Vec<String>> {
    let code = Regex::new(r#"code\("([A-Z]+-[0-9]+)"\)"#).unwrap();
    let mut ids: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in sources(&src()) {
        let text = std::fs::read_to_string(&file).unwrap();
        for found in code.captures_iter(&text) {
            ids.entry(found[1].to_owned()).or_default().push(file.strip_prefix(src()).unwrap().display().to_string());
        }
    }
    ids
}

#[test]
fn every_id_is_used_once_and_has_a_story() {
    let ids = ids();
    assert!(ids.contains_key("PROFILE-03"), "the search finds ids at all");
    let twice: Vec<_> = ids.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(twice.is_empty(), "one id, one meaning: {twice:?}");
    let silent: Vec<_> = ids.iter().filter(|(id, _)| explain(id).is_none()).collect();
    assert!(silent.is_empty(), "write their story in profiles/explain/: {silent:?}");
}

#[test]
fn every_story_can_be_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/explain");
    let heads = Regex::new(r"(?m)^([A-Z]+-[0-9]+):").unwrap();
    let mut written = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for head in heads.captures_iter(&text) {
            assert!(written.insert(head[1].to_owned()), "{} has two stories", &head[1]);
        }
    }
    assert_eq!(written, all_ids().map(str::to_owned).collect());
    assert!(explain("docker-02").unwrap().text.contains("DOCKER_HOST"));
}
