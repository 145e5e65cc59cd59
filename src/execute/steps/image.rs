//! Images: our own built, those of the release pulled, and all of them given to the nodes.

use crate::{
    execute::{Done, ExecuteError, World},
    image::{SelfImage, ensure_pulled, ensure_self_image, load_into_nodes},
    plan::{ImageSet, LoadSet, PlannedStep, SelfImageSpec},
    process::{Docker, DockerEnvironment, connect_docker},
};
use futures_util::future::try_join_all;

/// Builds the image of our own executable unless Docker has it.
pub async fn build(planned: &PlannedStep, spec: &SelfImageSpec, world: &World) -> Result<Done, ExecuteError> {
    let executable = std::env::current_exe().map_err(|error| ExecuteError::Program { why: error.to_string() })?;
    let image = SelfImage::of(executable).await?;
    if image.reference() != spec.reference {
        return Err(ExecuteError::Program { why: "it was replaced since the plan was made".to_owned() });
    }
    let telling = |waits_for| world.waits(&planned.id, waits_for);
    let built = ensure_self_image(&docker().await?, &image, &telling).await?;
    Ok(Done::changed_if(built.made, format!("{}, {} MB", built.reference, built.bytes / 1_000_000)))
}

/// Lets Docker pull what it has not, all at a time.
pub async fn pull(planned: &PlannedStep, set: &ImageSet, world: &World) -> Result<Done, ExecuteError> {
    let docker = &docker().await?;
    let telling = |waits_for| world.waits(&planned.id, waits_for);
    let telling: &(dyn Fn(String) + Send + Sync) = &telling;
    let pulls = set.images.iter().map(|image| async move {
        let place = image.pull.as_deref().unwrap_or(&image.reference);
        ensure_pulled(docker, &image.reference, place, &image.digest, telling).await
    });
    let pulled = try_join_all(pulls).await?.into_iter().filter(|made| *made).count();
    let detail = format!("{pulled} pulled, {} here already", set.images.len() - pulled);
    Ok(Done::changed_if(pulled > 0, detail))
}

/// Gives images to every node that has them not; nodes that boot are waited for.
pub async fn load(planned: &PlannedStep, set: &LoadSet, world: &World) -> Result<Done, ExecuteError> {
    if set.references.is_empty() {
        return Ok(Done::changed_if(false, "the nodes have it, or pull it"));
    }
    let telling = |waits_for| world.waits(&planned.id, waits_for);
    let Some(provider) = world.provider().await else { return Ok(Done::changed_if(false, "")) };
    let (docker, nodes) = (docker().await?, provider.nodes_for_images().await);
    let mut made = false;
    for reference in &set.references {
        let loaded = load_into_nodes(&docker, reference, &nodes, planned.deadline(), &telling).await?;
        made |= loaded.iter().any(|node| node.made);
    }
    let of = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    Ok(Done::changed_if(made, format!("{} on {}", of(set.references.len(), "image"), of(nodes.len(), "node"))))
}

async fn docker() -> Result<Docker, ExecuteError> {
    Ok(connect_docker(&DockerEnvironment::from_env()).await?)
}
