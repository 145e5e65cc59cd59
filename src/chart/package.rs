//! A chart that was read.

use super::archive::unpack;
use super::{ChartError, Digest};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A chart that was read: its packed file, and what is in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// Its name, from Chart.yaml.
    pub name: String,
    /// Its version, from Chart.yaml.
    pub version: String,
    /// The packed file.
    pub file: PathBuf,
    /// The digest of the packed file.
    pub digest: Digest,
    /// Its values.yaml.
    pub values: Value,
    /// Names of the charts that it brings, whose values are under their names.
    pub brings: Vec<String>,
    /// Its values.schema.json, where it has one.
    pub schema: Option<Value>,
    files: BTreeMap<String, Vec<u8>>,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    version: String,
    #[serde(default)]
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    alias: Option<String>,
}

impl Chart {
    /// Reads a packed chart that lies at `file`. CHART-09 if it is none.
    pub(super) fn read(packed: &[u8], file: &Path, what: &str) -> Result<Self, ChartError> {
        let not = |reason: String| ChartError::NotAChart { what: what.to_owned(), reason };
        let files = unpack(packed, what)?;
        let metadata: Metadata =
            yaml(&files, "Chart.yaml").map_err(&not)?.ok_or_else(|| not("its Chart.yaml is empty".to_owned()))?;
        let values: Option<Value> = yaml(&files, "values.yaml").map_err(&not)?;
        let schema = files.get("values.schema.json").and_then(|schema| serde_json::from_slice(schema).ok());
        let brings = metadata.dependencies.into_iter().map(|one| one.alias.unwrap_or(one.name)).collect();
        Ok(Self {
            name: metadata.name,
            version: metadata.version,
            file: file.to_owned(),
            digest: Digest::of(packed),
            values: values.filter(|values| !values.is_null()).unwrap_or_else(|| Value::Object(Map::new())),
            brings,
            schema,
            files,
        })
    }

    /// As people call it, `agentgateway 1.4.1`.
    pub fn title(&self) -> String {
        format!("{} {}", self.name, self.version)
    }

    /// The files of a folder of the chart with their text; those that are not UTF-8 are left out.
    pub(super) fn texts<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files.iter().filter_map(move |(path, content)| {
            let inside = path.strip_prefix(folder)?.strip_prefix('/')?;
            Some((inside, std::str::from_utf8(content).ok()?))
        })
    }
}

/// A YAML file of the chart; `None` if it is not there or empty.
fn yaml<T: serde::de::DeserializeOwned>(files: &BTreeMap<String, Vec<u8>>, name: &str) -> Result<Option<T>, String> {
    let Some(content) = files.get(name) else { return Ok(None) };
    let text = std::str::from_utf8(content).map_err(|error| format!("{name} is not UTF-8: {error}"))?;
    if text.lines().all(|line| line.trim().is_empty() || line.starts_with('#') || line.trim() == "---") {
        return Ok(None);
    }
    let first_line = |error: serde_yaml::Error| error.to_string().lines().next().unwrap_or_default().to_owned();
    serde_yaml::from_str(text).map(Some).map_err(|error| format!("{name}: {}", first_line(error)))
}
