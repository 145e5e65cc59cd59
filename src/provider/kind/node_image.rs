//! Which node image a cluster is made of.

use super::KindError;
use crate::process::Docker;
use bollard::query_parameters::ListImagesOptionsBuilder;
use semver::Version;
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, sync::LazyLock};

/// About what a node image weighs on its way from the registry, in megabytes. An estimate: no registry was asked.
const ABOUT_MEGABYTES: u64 = 400;
/// From this minor of Kubernetes 1 on, nodes need cgroup v2.
const NEEDS_CGROUP_2: u64 = 35;
/// The repository of kind's node images.
const REPOSITORY: &str = "kindest/node";

/// A node image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NodeImage {
    /// Its name, with tag or digest.
    pub reference: String,
    /// Its id, where Docker has it: the lock for a name that somebody made here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its Kubernetes, where its name says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kubernetes: Option<Version>,
    /// Why this one.
    pub source: NodeImageSource,
}

impl NodeImage {
    /// About how many megabytes must come from a registry first; 0 where Docker has it.
    pub fn download_megabytes(&self) -> u64 {
        if self.id.is_some() { 0 } else { ABOUT_MEGABYTES }
    }

    /// What people should know about it, on one line.
    pub fn about(&self) -> String {
        match (self.source, self.download_megabytes()) {
            (NodeImageSource::Local, _) => format!("{}, as it is on this machine", self.reference),
            (_, 0) => self.reference.clone(),
            (_, megabytes) => format!("{}, about {megabytes} MB to download", self.reference),
        }
    }
}

/// Why a node image was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum NodeImageSource {
    /// The user named it.
    Named,
    /// Docker has it.
    Local,
    /// It is known by digest.
    Pinned,
}

/// What is wanted of a node image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeImageWish {
    /// The image that the user names.
    pub named: Option<String>,
    /// The oldest Kubernetes that will do, `(1, 31)`.
    pub oldest: (u64, u64),
    /// The newest that will do.
    pub newest: (u64, u64),
}

impl NodeImageWish {
    fn admits(&self, version: &Version) -> bool {
        let minor = (version.major, version.minor);
        self.oldest <= minor && minor <= self.newest
    }

    /// Whether a cluster of this image is what is wanted.
    pub(super) fn is_met_by(&self, image: &NodeImage) -> bool {
        match &self.named {
            Some(named) => *named == image.reference,
            None => image.kubernetes.as_ref().is_some_and(|version| self.admits(version)),
        }
    }

    fn text(&self) -> String {
        let ((major, minor), (_, newest)) = (self.oldest, self.newest);
        if self.oldest == self.newest {
            format!("{major}.{minor}")
        } else {
            format!("{major}.{minor} to {major}.{newest}")
        }
    }
}

/// An image that Docker has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LocalImage {
    /// Its id.
    pub id: String,
    /// Its names, with tag or digest.
    pub names: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pinned {
    kubernetes: Version,
    image: String,
}

static PINNED: LazyLock<Result<Vec<Pinned>, String>> = LazyLock::new(|| {
    serde_yaml::from_str(include_str!("../../../profiles/node-images.yaml"))
        .map_err(|error: serde_yaml::Error| error.to_string())
});

/// Chooses: what the user names, else the newest that Docker has, else the newest that is known by digest.
/// `old_cgroup`: the machine has cgroup v1, on which 1.35 and later do not run.
pub(super) fn choose_node_image(
    wish: &NodeImageWish,
    local: &[LocalImage],
    old_cgroup: bool,
) -> Result<NodeImage, KindError> {
    if let Some(reference) = &wish.named {
        return named(reference, local, old_cgroup);
    }
    let runs = |version: &Version| wish.admits(version) && !(old_cgroup && needs_cgroup_2(version));
    let pinned = PINNED.as_deref().unwrap_or_default();
    let locals = local.iter().flat_map(|image| {
        image.names.iter().filter_map(move |name| {
            let known = pinned.iter().find(|pinned| same_digest(&pinned.image, name));
            let version = known.map(|pinned| pinned.kubernetes.clone()).or_else(|| version_of(name))?;
            let reference = known.map_or(name, |pinned| &pinned.image);
            let (reference, id) = (reference.clone(), Some(image.id.clone()));
            Some(NodeImage { reference, id, kubernetes: Some(version), source: NodeImageSource::Local })
        })
    });
    let pins = pinned.iter().map(|pinned| NodeImage {
        reference: pinned.image.clone(),
        id: None,
        kubernetes: Some(pinned.kubernetes.clone()),
        source: NodeImageSource::Pinned,
    });
    let fitting = |image: &NodeImage| image.kubernetes.as_ref().is_some_and(&runs);
    let newest = |one: &NodeImage, other: &NodeImage| {
        (&one.kubernetes, &other.reference).cmp(&(&other.kubernetes, &one.reference))
    };
    let found = locals.filter(fitting).max_by(newest).or_else(|| pins.filter(fitting).max_by(newest));
    found.ok_or_else(|| nothing(wish, pinned, old_cgroup))
}

fn nothing(wish: &NodeImageWish, pinned: &[Pinned], old_cgroup: bool) -> KindError {
    if old_cgroup && wish.oldest >= (1, NEEDS_CGROUP_2) {
        return KindError::Cgroup { version: wish.text() };
    }
    let known: Vec<String> = pinned.iter().map(|pinned| pinned.kubernetes.to_string()).collect();
    KindError::NoNodeImage { wanted: wish.text(), known: format!("known by digest are {}", known.join(", ")) }
}

fn named(reference: &str, local: &[LocalImage], old_cgroup: bool) -> Result<NodeImage, KindError> {
    let kubernetes = version_of(reference);
    if let Some(version) = kubernetes.as_ref().filter(|version| old_cgroup && needs_cgroup_2(version)) {
        return Err(KindError::Cgroup { version: version.to_string() });
    }
    let is_it = |name: &String| name == reference || same_digest(name, reference);
    let id =
        local.iter().find(|image| image.id == reference || image.names.iter().any(is_it)).map(|one| one.id.clone());
    Ok(NodeImage { reference: reference.to_owned(), id, kubernetes, source: NodeImageSource::Named })
}

fn needs_cgroup_2(version: &Version) -> bool {
    (version.major, version.minor) >= (1, NEEDS_CGROUP_2)
}

fn same_digest(one: &str, other: &str) -> bool {
    let digest = |name: &str| name.split_once('@').map(|(_, digest)| digest.to_owned());
    digest(one).is_some_and(|one| digest(other) == Some(one))
}

/// `kindest/node:v1.34.4` says its version; so does a tag of another repository that begins with `v`.
fn version_of(reference: &str) -> Option<Version> {
    let name = reference.split('@').next()?;
    let tag = name.rsplit('/').next()?.split_once(':')?.1;
    Version::parse(tag.strip_prefix('v')?).ok()
}

/// The node images that Docker has.
pub(super) async fn local_node_images(docker: &Docker) -> Result<Vec<LocalImage>, KindError> {
    let filters = HashMap::from([("reference", vec![REPOSITORY])]);
    let options = ListImagesOptionsBuilder::default().filters(&filters).build();
    let listed = docker.client.list_images(Some(options)).await;
    let listed = listed.map_err(KindError::docker("listing node images"))?;
    let local = listed.into_iter().map(|image| {
        let names = image.repo_tags.into_iter().chain(image.repo_digests).filter(|name| !name.contains("<none>"));
        LocalImage { id: image.id, names: names.collect() }
    });
    Ok(local.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish(oldest: u64, newest: u64) -> NodeImageWish {
        NodeImageWish { named: None, oldest: (1, oldest), newest: (1, newest) }
    }

    fn local(id: &str, name: &str) -> LocalImage {
        LocalImage { id: id.to_owned(), names: vec![name.to_owned()] }
    }

    fn reference(wish: &NodeImageWish, images: &[LocalImage], old_cgroup: bool) -> String {
        choose_node_image(wish, images, old_cgroup).unwrap().reference
    }

    #[test]
    fn the_pinned_images_can_be_read() {
        assert_eq!(PINNED.as_ref().err(), None);
        for pinned in PINNED.as_deref().unwrap() {
            assert_eq!(version_of(&pinned.image).as_ref(), Some(&pinned.kubernetes));
            assert_eq!(pinned.image.split_once("@sha256:").unwrap().1.len(), 64);
        }
    }

    #[test]
    fn what_is_there_comes_before_what_would_be_downloaded() {
        let images = [local("sha256:a", "kindest/node:v1.34.4"), local("sha256:b", "kindest/node:v1.31.0")];
        let chosen = choose_node_image(&wish(31, 36), &images, false).unwrap();
        assert_eq!(chosen.reference, "kindest/node:v1.34.4");
        assert_eq!((chosen.id.as_deref(), chosen.source), (Some("sha256:a"), NodeImageSource::Local));
        assert_eq!(chosen.download_megabytes(), 0);
        assert_eq!(reference(&wish(31, 33), &images, false), "kindest/node:v1.31.0");
        let pinned = choose_node_image(&wish(35, 36), &images, false).unwrap();
        assert!(pinned.reference.starts_with("kindest/node:v1.36.4@sha256:"), "{}", pinned.reference);
        assert!(pinned.about().contains("400 MB"));
    }

    #[test]
    fn an_image_that_was_pulled_by_digest_is_known_by_it() {
        let pinned = PINNED.as_deref().unwrap()[1].image.clone();
        let by_digest = format!("kindest/node@{}", pinned.split_once('@').unwrap().1);
        let chosen = choose_node_image(&wish(34, 34), &[local("sha256:c", &by_digest)], false).unwrap();
        assert_eq!((chosen.reference, chosen.id), (pinned, Some("sha256:c".to_owned())));
    }

    #[test]
    fn cgroup_v1_ends_at_1_34() {
        assert!(reference(&wish(31, 36), &[], true).contains("v1.34.11@"));
        let local = [local("sha256:d", "kindest/node:v1.36.0")];
        assert!(reference(&wish(31, 36), &local, true).contains("v1.34.11@"));
        let refused = choose_node_image(&wish(35, 36), &local, true).unwrap_err();
        assert!(matches!(refused, KindError::Cgroup { .. }), "{refused}");
        let named = NodeImageWish { named: Some("mine/node:v1.37.0".to_owned()), ..wish(31, 36) };
        assert!(choose_node_image(&named, &[], true).is_err());
        assert_eq!(reference(&named, &[], false), "mine/node:v1.37.0");
    }

    #[test]
    fn a_cluster_keeps_its_image_while_that_will_do() {
        let old = [local("sha256:a", "kindest/node:v1.33.0")];
        let current = choose_node_image(&wish(31, 33), &old, false).unwrap();
        assert!(wish(31, 36).is_met_by(&current));
        assert!(!wish(34, 36).is_met_by(&current));
        let named = NodeImageWish { named: Some("mine/node:v1.33.0".to_owned()), ..wish(31, 36) };
        assert!(!named.is_met_by(&current));
        let none = choose_node_image(&wish(20, 21), &old, false).unwrap_err();
        assert!(matches!(none, KindError::NoNodeImage { .. }), "{none}");
    }
}
