//! Filling the cache from files, for machines without a network.

use super::plain::documents;
use super::{BundleSource, BundleWanted, Cache, Chart, ChartError, Digest, archive, bundle, cache};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What was taken from one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// The file.
    pub file: PathBuf,
    /// What it is, `chart agentgateway 1.4.1` or the URL that it stands for.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
}

/// The name under which an imported chart is remembered, whatever registry it will be asked of.
pub(super) fn name_of_chart(name: &str, version: &str) -> String {
    format!("chart {name} {}", version.strip_prefix('v').unwrap_or(version).replace('_', "+"))
}

impl Cache {
    /// Takes a packed chart, the folder of a chart, a bundle of Gateway API, or everything of that kind in a folder. What
    /// is neither is CHART-09 where it was named itself; in a folder, files with other endings are left out.
    pub fn import(&self, path: &Path) -> Result<Vec<Imported>, ChartError> {
        if !path.is_dir() || path.join("Chart.yaml").is_file() {
            return Ok(vec![self.import_one(path)?]);
        }
        let unreadable = |source| ChartError::Unreadable { path: path.to_owned(), source };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(path).map_err(unreadable)? {
            let file = entry.map_err(unreadable)?.path();
            if file.extension().is_some_and(|ending| ending == "tgz") || is_yaml(&file) {
                files.push(file);
            }
        }
        files.sort();
        files.iter().map(|file| self.import_one(file)).collect()
    }

    fn import_one(&self, path: &Path) -> Result<Imported, ChartError> {
        let content = super::supply::read_packed(path)?;
        debug_assert!(archive::LARGEST_PACKED as u64 <= cache::LARGEST);
        let name = if is_yaml(path) { url_of_bundle(path, &content)? } else { chart_in(path, &content)? };
        let digest = self.put(&content)?;
        self.remember(&name, &digest)?;
        Ok(Imported { file: path.to_owned(), name, digest })
    }
}

fn is_yaml(path: &Path) -> bool {
    !path.is_dir() && path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml")
}

fn chart_in(path: &Path, packed: &[u8]) -> Result<String, ChartError> {
    let chart = Chart::read(packed, path, &path.display().to_string())?;
    Ok(name_of_chart(&chart.name, &chart.version))
}

/// The URL under which upstream has the bundle, by what it says of itself.
fn url_of_bundle(path: &Path, content: &[u8]) -> Result<String, ChartError> {
    let not = |reason: &str| ChartError::NotAChart { what: path.display().to_string(), reason: reason.to_owned() };
    let text = std::str::from_utf8(content).map_err(|_| not("it is not text"))?;
    let objects = documents(text).map_err(|reason| not(&reason))?;
    let neither = "it is no bundle of Gateway API either";
    let (version, channel) = bundle::says(&objects).ok_or_else(|| not(neither))?;
    Ok(BundleWanted { version, channel, source: BundleSource::Release, checksum: None }.release_url())
}
