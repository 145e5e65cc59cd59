//! The built-in definitions are upstream's, less what they say they lack.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "a skipped test says why")]

mod api_server;
mod corpus;
mod exceptions;
mod fields;
pub mod real;

use agw_sandbox::embedded::schema::Schema;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A CustomResourceDefinition.
pub struct Definition {
    pub raw: Value,
}

impl Definition {
    pub fn kind(&self) -> &str {
        self.raw["spec"]["names"]["kind"].as_str().unwrap()
    }

    pub fn plural(&self) -> &str {
        self.raw["spec"]["names"]["plural"].as_str().unwrap()
    }

    pub fn is_namespaced(&self) -> bool {
        self.raw["spec"]["scope"] == "Namespaced"
    }

    /// All versions of a kind have one schema.
    pub fn raw_schema(&self) -> &Value {
        &self.raw["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    }

    pub fn schema(&self) -> Schema {
        Schema::compile(self.raw_schema()).unwrap()
    }

    pub fn api_version(&self) -> String {
        let spec = &self.raw["spec"];
        format!("{}/{}", spec["group"].as_str().unwrap(), spec["versions"][0]["name"].as_str().unwrap())
    }

    /// An object of this kind.
    pub fn object(&self, spec: &Value) -> Value {
        let (api_version, kind) = (self.api_version(), self.kind());
        serde_json::json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": "x"}, "spec": spec})
    }
}

pub type Definitions = BTreeMap<String, Definition>;

/// The definitions in `profiles/`, by kind.
pub fn built_in() -> Definitions {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/definitions");
    let files = ["gateway-api-1.5", "agentgateway-1.4"].map(|release| files_in(&folder.join(release)));
    files.iter().flatten().flat_map(|file| read(file)).collect()
}

/// The same kinds as upstream publishes them; `None`, with a note, where they are not at hand.
pub fn upstream() -> Option<&'static Definitions> {
    static UPSTREAM: OnceLock<Option<Definitions>> = OnceLock::new();
    let found = UPSTREAM.get_or_init(read_upstream).as_ref();
    if found.is_none() {
        println!("skipped: no upstream definitions in AGW_SHARED");
    }
    found
}

fn read_upstream() -> Option<Definitions> {
    let shared = std::env::var_os("AGW_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let crds = shared.join("upstream/crds");
    if !crds.is_dir() {
        return None;
    }
    let mut definitions: Definitions = read(&crds.join("gateway-api/v1.5.1/standard-install.yaml"));
    definitions.extend(files_in(&crds.join("agentgateway/v1.4.1")).iter().flat_map(|file| read(file)));
    let ours = built_in();
    definitions.retain(|kind, _| ours.contains_key(kind));
    assert_eq!(definitions.len(), ours.len());
    Some(definitions)
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn read(file: &Path) -> Definitions {
    let text = std::fs::read_to_string(file).unwrap();
    let objects: Vec<Value> = serde_yaml::from_multiple(&text).unwrap();
    let definitions = objects.into_iter().filter(|object| object["kind"] == "CustomResourceDefinition");
    definitions.map(|raw| Definition { raw }).map(|definition| (definition.kind().to_owned(), definition)).collect()
}
