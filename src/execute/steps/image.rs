//! The image of our own executable: built, and given to the nodes.

use crate::{
    execute::{Done, ExecuteError, World},
    image::{SelfImage, ensure_self_image, load_into_nodes},
    plan::{PlannedStep, SelfImageSpec},
    process::{Docker, DockerEnvironment, connect_docker},
};

/// Builds the image unless Docker has it.
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

/// Gives the image to every node that has it not, while the cluster boots.
pub async fn load(planned: &PlannedStep, spec: &SelfImageSpec, world: &World) -> Result<Done, ExecuteError> {
    let telling = |waits_for| world.waits(&planned.id, waits_for);
    let Some(provider) = world.provider().await else { return Ok(Done::changed_if(false, "")) };
    let nodes = provider.nodes_for_images().await;
    let loaded = load_into_nodes(&docker().await?, &spec.reference, &nodes, planned.deadline(), &telling).await?;
    let made = loaded.iter().any(|node| node.made);
    Ok(Done::changed_if(made, format!("{} nodes have it", loaded.len())))
}

async fn docker() -> Result<Docker, ExecuteError> {
    Ok(connect_docker(&DockerEnvironment::from_env()).await?)
}
