//! What a cluster of the user's is used with: which it is, how images get in, and how its pods reach this machine.

use super::{ResolveError, charts::ImageWay};
use crate::{
    image::SelfImage,
    process::{DockerEnvironment, connect_docker},
    profile::Profile,
    provider::{Context, ContextEntry, ContextError, ORBSTACK_CONTEXT, ProviderError, ProviderName, local_kind_nodes},
};
use serde::Serialize;
use std::{net::IpAddr, path::Path};

/// What a cluster of the user's is used with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SharedChoice {
    /// Its context.
    pub context: String,
    /// URL of its API.
    pub api: String,
    /// The image of our own executable.
    pub self_image: String,
    /// How its nodes come to that image.
    pub supply: ImageSupply,
    /// The address by which pods reach this machine; none: as they can by themselves, or not at all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_address: Option<IpAddr>,
    /// Optional backends on this machine that pods would not reach: they are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_out: Vec<String>,
}

/// How nodes come to an image of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ImageSupply {
    /// It is loaded into these node containers.
    Nodes(Vec<String>),
    /// They run on the engine that builds it.
    Engine,
    /// They pull it.
    Registry,
}

impl SharedChoice {
    /// How images of the release come to the nodes.
    pub(super) fn image_way(&self) -> ImageWay {
        match self.supply {
            ImageSupply::Registry => ImageWay::Pulled,
            _ => ImageWay::Given,
        }
    }

    /// Node containers that are given images.
    pub fn nodes(&self) -> &[String] {
        match &self.supply {
            ImageSupply::Nodes(nodes) => nodes,
            _ => &[],
        }
    }
}

/// Chooses. Reads the user's kubeconfig and asks Docker; nothing is asked of the cluster.
pub(super) async fn choose(
    profile: &Profile,
    home: &Path,
    provider: ProviderName,
) -> Result<SharedChoice, ResolveError> {
    let context = match (provider, profile.cluster.context.clone().or_else(|| Context::recorded(home))) {
        (_, Some(context)) => context,
        (ProviderName::Orbstack, None) => ORBSTACK_CONTEXT.to_owned(),
        _ => return Err(ProviderError::from(ContextError::Unnamed { known: ContextEntry::known() }).into()),
    };
    let entry = ContextEntry::find_for(provider, &context).map_err(ProviderError::from)?;
    let (self_image, supply) = match &profile.cluster.self_image {
        Some(image) => (image.clone(), ImageSupply::Registry),
        None => (own_image().await?, supply(provider, &entry).await?),
    };
    let host_address = profile.cluster.host_address;
    Ok(SharedChoice { context, api: entry.api, self_image, supply, host_address, left_out: Vec::new() })
}

async fn own_image() -> Result<String, ResolveError> {
    let executable = std::env::current_exe().map_err(|error| ResolveError::Executable { why: error.to_string() })?;
    Ok(SelfImage::of(executable).await?.reference())
}

async fn supply(provider: ProviderName, entry: &ContextEntry) -> Result<ImageSupply, ResolveError> {
    let docker = connect_docker(&DockerEnvironment::from_env()).await.ok();
    let nodes = match &docker {
        Some(docker) => local_kind_nodes(docker, &entry.name, &entry.api).await,
        None => Vec::new(),
    };
    match (provider, nodes.is_empty()) {
        (_, false) => Ok(ImageSupply::Nodes(nodes)),
        // Built images are there at once: it is the same engine. Source: `facts/lifecycle.md` D.5.
        (ProviderName::Orbstack, true) if docker.is_some() => Ok(ImageSupply::Engine),
        _ => Err(ResolveError::NoWayForImages { context: entry.name.clone(), api: entry.api.clone() }),
    }
}
