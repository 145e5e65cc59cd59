//! Stand-in charts with the names and objects of the real ones, packed with the real Helm.

use super::Registry;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The two charts of a release.
pub struct StandIn {
    /// `charts/agentgateway`.
    pub controller_path: String,
    /// `charts/agentgateway-crds`.
    pub definitions_path: String,
    /// Tags as the real registry has them.
    pub tags: Vec<String>,
    /// The packed chart of the controller.
    pub controller: Vec<u8>,
    /// The packed chart of the definitions.
    pub definitions: Vec<u8>,
}

impl StandIn {
    /// The charts of a line in a version; `None`, with a note, where upstream's definitions are not at hand.
    pub fn of(line: &str, version: &str) -> Option<Self> {
        let (product, definitions, both) = match line {
            "kgateway-2.1" => ("kgateway", "kgateway/v2.1.x-0d040525b", false),
            "agentgateway-2.2" => ("agentgateway", "kgateway/v2.2.0", false),
            "agentgateway-1.0" => ("agentgateway", "agentgateway/v1.0.1", true),
            "agentgateway-1.1" => ("agentgateway", "agentgateway/v1.1.0", true),
            "agentgateway-1.2" => ("agentgateway", "agentgateway/v1.2.1", true),
            "agentgateway-1.3" => ("agentgateway", "agentgateway/v1.3.1", true),
            _ => ("agentgateway", "agentgateway/v1.4.1", true),
        };
        let definitions = upstream().join("crds").join(definitions);
        if !definitions.is_dir() {
            println!("skipped: no {}", definitions.display());
            return None;
        }
        let prefix = if product == "kgateway" { "kgateway-dev/charts" } else { "charts" };
        let mut tags = vec![format!("v{version}")];
        tags.extend(both.then(|| version.to_owned()));
        let folder = tempfile::tempdir().unwrap();
        let group = if product == "kgateway" { "gateway.kgateway.dev_" } else { "agentgateway.dev_" };
        let of_definitions = definitions_chart(folder.path(), &format!("{product}-crds"), &definitions, group);
        let of_controller = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts").join(product);
        Some(Self {
            controller_path: format!("{prefix}/{product}"),
            definitions_path: format!("{prefix}/{product}-crds"),
            controller: helm_package(&of_controller, &tags[0]),
            definitions: helm_package(&of_definitions, &tags[0]),
            tags,
        })
    }

    /// Pushes both under all tags.
    pub async fn push_to(&self, registry: &Registry) {
        let tags: Vec<_> = self.tags.iter().map(String::as_str).collect();
        registry.push_chart(&self.definitions_path, &tags, &self.definitions).await;
        registry.push_chart(&self.controller_path, &tags, &self.controller).await;
    }
}

/// The stand-in controller's chart of the agentgateway lines with one text in one of its files replaced, packed.
pub fn changed_chart(version: &str, file: &str, from: &str, to: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let chart = folder.path().join("agentgateway");
    let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/charts/agentgateway");
    let copied = Command::new("cp").arg("-r").arg(&original).arg(&chart).status().unwrap();
    assert!(copied.success());
    let text = std::fs::read_to_string(chart.join(file)).unwrap();
    assert!(text.contains(from), "{file} has no `{from}`");
    std::fs::write(chart.join(file), text.replace(from, to)).unwrap();
    helm_package(&chart, version)
}

/// Upstream's files, beside the checkout or where `AGW_SHARED` says.
pub fn upstream() -> PathBuf {
    super::shared().join("upstream")
}

fn definitions_chart(folder: &Path, name: &str, definitions: &Path, group: &str) -> PathBuf {
    let chart = folder.join(name);
    std::fs::create_dir_all(chart.join("templates")).unwrap();
    std::fs::write(chart.join("Chart.yaml"), format!("apiVersion: v2\nname: {name}\nversion: 0.0.0\n")).unwrap();
    for file in std::fs::read_dir(definitions).unwrap().map(|entry| entry.unwrap().path()) {
        let file_name = file.file_name().unwrap().to_str().unwrap().to_owned();
        if file_name.starts_with(group) {
            std::fs::copy(&file, chart.join("templates").join(file_name)).unwrap();
        }
    }
    chart
}

/// Packs the folder of a chart with Helm itself.
fn helm_package(chart: &Path, version: &str) -> Vec<u8> {
    let out = tempfile::tempdir().unwrap();
    let output = Command::new("helm")
        .arg("package")
        .arg(chart)
        .arg("--destination")
        .arg(out.path())
        .args(["--version", version, "--app-version", version.trim_start_matches('v')])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let packed = std::fs::read_dir(out.path()).unwrap().next().unwrap().unwrap().path();
    std::fs::read(packed).unwrap()
}
