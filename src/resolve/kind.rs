//! What a kind cluster is made of: a node image that fits the line and the machine, and the image of our own executable.

use super::{KindChoice, ResolveError};
use crate::{
    image::SelfImage,
    process::DockerEnvironment,
    profile::Profile,
    provider::{Kind, NodeImageWish, ProviderError, kind_machine},
    release::ReleaseLine,
};
use std::path::Path;

/// Chooses; asks Docker which images are there, and changes nothing.
pub async fn choose(
    sandbox: &str,
    home: &Path,
    profile: &Profile,
    line: &ReleaseLine,
) -> Result<KindChoice, ResolveError> {
    let machine = kind_machine(&DockerEnvironment::from_env())
        .await
        .map_err(|refusal| ProviderError::Unusable { provider: refusal.provider, reason: refusal.reason })?;
    let wish = wish_of(profile, line)?;
    let node_image = Kind::new(home.to_owned(), sandbox, machine).choose_image(&wish).await?;
    let executable = std::env::current_exe().map_err(|error| ResolveError::Executable { why: error.to_string() })?;
    let self_image = SelfImage::of(executable).await?.reference();
    Ok(KindChoice { node_image, self_image })
}

/// The Kubernetes that the profile names, else any that the line is documented for.
fn wish_of(profile: &Profile, line: &ReleaseLine) -> Result<NodeImageWish, ResolveError> {
    let minor = |text: &str| {
        let (major, minor) = text.split_once('.')?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    let unreadable = |text: &str| ResolveError::Kubernetes { wanted: text.to_owned() };
    let [oldest, newest] = &line.kubernetes;
    let (oldest, newest) = match &profile.cluster.kubernetes {
        Some(wanted) => (wanted, wanted),
        None => (oldest, newest),
    };
    Ok(NodeImageWish {
        named: profile.cluster.node_image.clone(),
        oldest: minor(oldest).ok_or_else(|| unreadable(oldest))?,
        newest: minor(newest).ok_or_else(|| unreadable(newest))?,
    })
}
