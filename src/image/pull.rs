//! Images of others, pulled by Docker under the digest that was resolved and given the name that pods use.

use super::{ImageError, build::docker_failed, build::inspect};
use crate::{cluster::Telling, process::Docker};
use bollard::{
    errors::Error,
    query_parameters::{CreateImageOptionsBuilder, TagImageOptionsBuilder},
};
use futures_util::StreamExt;
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

/// How often is told how far a pull is.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// Id of an image that Docker has under a name; `None`: it has it not.
pub async fn local_image(docker: &Docker, reference: &str) -> Result<Option<String>, ImageError> {
    Ok(inspect(docker, reference).await?.map(|(id, _)| id))
}

/// Sees to it that Docker has the image with this digest under a name: looks, pulls it from `place` where it is not, looks
/// again. Returns whether it had to be pulled.
pub async fn ensure_pulled(
    docker: &Docker,
    reference: &str,
    place: &str,
    digest: &str,
    telling: Telling<'_>,
) -> Result<bool, ImageError> {
    if has_digest(docker, reference, digest).await? {
        return Ok(false);
    }
    let exactly = format!("{}@{digest}", without_tag(place));
    pull(docker, &exactly, reference, telling).await?;
    let (repository, tag) = name_and_tag(reference);
    let options = TagImageOptionsBuilder::default().repo(repository).tag(tag).build();
    let tagged = docker.client.tag_image(&exactly, Some(options)).await;
    tagged.map_err(|error| docker_failed(format!("naming {exactly} {reference}"), &error))?;
    if has_digest(docker, reference, digest).await? {
        return Ok(true);
    }
    let why = format!("Docker says nothing of a failure, and does not have {digest} under that name");
    Err(ImageError::Pull { image: reference.to_owned(), place: place.to_owned(), why })
}

async fn has_digest(docker: &Docker, reference: &str, digest: &str) -> Result<bool, ImageError> {
    match docker.client.inspect_image(reference).await {
        Ok(found) => Ok(found.repo_digests.unwrap_or_default().iter().any(|known| known.ends_with(digest))),
        Err(Error::DockerResponseServerError { status_code: 404, .. }) => Ok(false),
        Err(error) => Err(docker_failed(format!("looking for the image {reference}"), &error)),
    }
}

async fn pull(docker: &Docker, exactly: &str, reference: &str, telling: Telling<'_>) -> Result<(), ImageError> {
    let failed = |why: String| ImageError::Pull { image: reference.to_owned(), place: exactly.to_owned(), why };
    let options = CreateImageOptionsBuilder::default().from_image(exactly).build();
    let mut answers = docker.client.create_image(Some(options), None, None);
    let (mut layers, mut told) = (HashMap::new(), Instant::now());
    while let Some(answer) = answers.next().await {
        let answer = answer.map_err(|error| failed(error.to_string()))?;
        if let Some(detail) = answer.error_detail {
            return Err(failed(detail.message.unwrap_or_else(|| "it does not say why".to_owned())));
        }
        if let (Some(layer), Some(progress)) = (answer.id, answer.progress_detail) {
            layers.insert(layer, (progress.current.unwrap_or_default(), progress.total.unwrap_or_default()));
        }
        if told.elapsed() >= TELL_EVERY {
            let sum = |part: fn(&(i64, i64)) -> i64| layers.values().map(part).sum::<i64>() >> 20;
            telling(format!("{reference}: {} of {} MB", sum(|layer| layer.0), sum(|layer| layer.1)));
            told = Instant::now();
        }
    }
    Ok(())
}

/// A name with its tag split off; a colon before the last slash belongs to a port.
fn name_and_tag(reference: &str) -> (&str, &str) {
    match reference.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => (name, tag),
        _ => (reference, "latest"),
    }
}

fn without_tag(reference: &str) -> &str {
    let reference = reference.split('@').next().unwrap_or(reference);
    name_and_tag(reference).0
}

#[cfg(test)]
mod tests {
    use super::{name_and_tag, without_tag};

    #[test]
    fn a_port_is_no_tag() {
        assert_eq!(name_and_tag("localhost:5001/controller"), ("localhost:5001/controller", "latest"));
        assert_eq!(name_and_tag("localhost:5001/controller:v1"), ("localhost:5001/controller", "v1"));
        assert_eq!(without_tag("cr.example/a:v1@sha256:00"), "cr.example/a");
    }
}
