//! The image store of a node, through its own `ctr`. Source: kind 0.33 `pkg/cluster/nodeutils/util.go`.

use crate::process::Docker;
use std::collections::BTreeMap;

/// containerd keeps what Kubernetes uses in this namespace.
const NAMESPACE: &str = "--namespace=k8s.io";

/// What a node has, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct NodeImages(BTreeMap<String, String>);

impl NodeImages {
    /// Asks a node; the error says why it cannot answer, which it cannot before its containerd runs.
    pub(super) async fn of(docker: &Docker, node: &str) -> Result<Self, String> {
        let listed = docker.exec(node, &["ctr", NAMESPACE, "images", "ls"]).await.map_err(|error| error.to_string())?;
        if !listed.is_success() {
            return Err(listed.last_words());
        }
        Ok(Self::parse(&listed.output))
    }

    /// The columns are name, type, digest.
    fn parse(table: &str) -> Self {
        let row = |line: &str| {
            let mut columns = line.split_whitespace();
            let name = columns.next()?.to_owned();
            let digest = columns.nth(1).filter(|digest| digest.starts_with("sha256:"))?;
            Some((name, digest.to_owned()))
        };
        Self(table.lines().filter_map(row).collect())
    }

    /// Whether the node has the image with this id under this name. Kubernetes' own entry of an image is named by the
    /// id, so both names must lead to the same; with Docker's containerd store the id is the digest itself.
    pub(super) fn has(&self, reference: &str, id: &str) -> bool {
        let Some(digest) = self.0.get(&full_name(reference)) else { return false };
        digest == id || self.0.get(id) == Some(digest)
    }
}

/// The name that containerd uses: with the registry that Docker leaves out.
pub(super) fn full_name(reference: &str) -> String {
    let first = reference.split('/').next().unwrap_or_default();
    if !reference.contains('/') {
        return format!("docker.io/library/{reference}");
    }
    if first.contains(['.', ':']) || first == "localhost" {
        return reference.to_owned();
    }
    format!("docker.io/{reference}")
}

/// The snapshotter that a node's containerd is configured with: images must be unpacked for that one.
pub(super) async fn snapshotter(docker: &Docker, node: &str) -> Result<String, String> {
    let dump = docker.exec(node, &["containerd", "config", "dump"]).await.map_err(|error| error.to_string())?;
    Ok(snapshotter_in(&dump.output).unwrap_or("overlayfs").to_owned())
}

/// The first that is set in the section of the container runtime interface: configuration version 2 calls it
/// `io.containerd.grpc.v1.cri`, version 3 `io.containerd.cri.v1.images`.
fn snapshotter_in(config: &str) -> Option<&str> {
    let mut within = false;
    for line in config.lines().map(str::trim) {
        if line.starts_with('[') {
            within = line.contains("io.containerd.grpc.v1.cri") || line.contains("io.containerd.cri.v1.images");
        }
        let set =
            line.strip_prefix("snapshotter").map(|rest| rest.trim_start_matches([' ', '=']).trim_matches(['\'', '"']));
        if let Some(name) = set.filter(|name| within && !name.is_empty()) {
            return Some(name);
        }
    }
    None
}

/// The command that takes an archive from its input. Images that came from a registry may lack other machines' layers,
/// which `--all-platforms` does not forgive.
pub(super) fn import_command(snapshotter: &str, all_platforms: bool) -> Vec<String> {
    let mut command: Vec<String> = ["ctr", NAMESPACE, "images", "import"].map(str::to_owned).to_vec();
    if all_platforms {
        command.push("--all-platforms".to_owned());
    }
    command.extend(["--digests".to_owned(), format!("--snapshotter={snapshotter}"), "-".to_owned()]);
    command
}

/// Whether an import failed because layers of other machines are not there.
pub(super) fn lacks_platforms(said: &str) -> bool {
    said.contains("content digest") && said.contains("not found")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
REF TYPE DIGEST SIZE PLATFORMS LABELS
docker.io/agw-sandbox/self:1 application/vnd.docker.distribution.manifest.v2+json sha256:d1 30.1 MiB linux/amd64 -
docker.io/library/old:1 application/vnd.docker.distribution.manifest.v2+json sha256:d2 1 MiB linux/amd64 -
sha256:i1 application/vnd.docker.distribution.manifest.v2+json sha256:d1 30.1 MiB linux/amd64 -
";

    #[test]
    fn an_image_is_there_by_name_and_id() {
        let images = NodeImages::parse(TABLE);
        assert!(images.has("agw-sandbox/self:1", "sha256:i1"));
        assert!(!images.has("agw-sandbox/self:1", "sha256:i2"), "the name was given to another image");
        assert!(!images.has("agw-sandbox/self:2", "sha256:i1"));
        assert!(images.has("old:1", "sha256:d2"), "an engine whose ids are digests");
    }

    #[test]
    fn names_are_those_of_containerd() {
        for (name, full) in [
            ("nginx:1", "docker.io/library/nginx:1"),
            ("agw-sandbox/self:1", "docker.io/agw-sandbox/self:1"),
            ("cr.agentgateway.dev/controller:v1", "cr.agentgateway.dev/controller:v1"),
            ("localhost/a:1", "localhost/a:1"),
            ("localhost:5001/a:1", "localhost:5001/a:1"),
        ] {
            assert_eq!(full_name(name), full);
        }
    }

    #[test]
    fn the_snapshotter_is_found_in_both_versions_of_the_configuration() {
        let third = "version = 3\n[plugins.'io.containerd.cri.v1.images']\n  snapshotter = 'native'\n\
                     [plugins.'io.containerd.cri.v1.runtime'.containerd]\n  snapshotter = ''\n";
        assert_eq!(snapshotter_in(third), Some("native"));
        let second = "[plugins.\"io.containerd.grpc.v1.cri\".containerd]\n  snapshotter = \"fuse-overlayfs\"\n";
        assert_eq!(snapshotter_in(second), Some("fuse-overlayfs"));
        assert_eq!(snapshotter_in("[plugins.\"io.containerd.snapshotter.v1.overlayfs\"]\n"), None);
    }

    #[test]
    fn missing_layers_of_other_machines_are_told_from_other_failures() {
        assert!(lacks_platforms("ctr: content digest sha256:ab: not found"));
        assert!(!lacks_platforms("ctr: unexpected EOF"));
    }
}
