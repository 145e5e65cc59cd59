//! Images of our own executables of earlier builds.

use super::{
    ImageError,
    build::{REPOSITORY, docker_failed},
};
use crate::process::Docker;
use bollard::query_parameters::{ListImagesOptionsBuilder, RemoveImageOptions};
use std::collections::HashMap;

/// Removes the images of our own executables, except `keep` and those that a container uses. Returns their names. Layers
/// are shared with nobody else; a node keeps what it was given.
pub async fn prune_self_images(docker: &Docker, keep: &str) -> Result<Vec<String>, ImageError> {
    let filters = HashMap::from([("reference", vec![REPOSITORY])]);
    let options = ListImagesOptionsBuilder::default().filters(&filters).build();
    let listed = docker.client.list_images(Some(options)).await;
    let listed = listed.map_err(|error| docker_failed("listing our own images".to_owned(), &error))?;
    let mut removed = Vec::new();
    for name in listed.into_iter().flat_map(|image| image.repo_tags).filter(|name| name != keep) {
        match docker.client.remove_image(&name, None::<RemoveImageOptions>, None).await {
            Ok(_) => removed.push(name),
            // It is in use, or gone already.
            Err(bollard::errors::Error::DockerResponseServerError { status_code: 404 | 409, .. }) => {}
            Err(error) => return Err(docker_failed(format!("removing the image {name}"), &error)),
        }
    }
    Ok(removed)
}
