//! Images into the nodes of a local cluster: out of Docker, straight into each node's containerd, no registry.

use super::{
    ImageError,
    build::{docker_failed, inspect},
    node::{NodeImages, import_command, lacks_platforms, snapshotter},
};
use crate::{cluster::Telling, process::Docker};
use bytes::Bytes;
use futures_util::{Stream, TryStreamExt, future::try_join_all};
use std::time::{Duration, Instant};

/// Pause between two looks at a node that does not answer yet.
const LOOK: Duration = Duration::from_millis(200);
/// How often is told how far a load is.
const TELL_EVERY: Duration = Duration::from_secs(1);

/// What a node was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The node.
    pub node: String,
    /// Whether it had to be given the image.
    pub made: bool,
    /// How many bytes it was given.
    pub bytes: u64,
}

/// Sees to it that every node has an image of Docker's under the same name: looks, gives it where it is not, looks
/// again. All nodes at a time; a node that has just been started is waited for. If it is dropped, a node keeps what it
/// had: half an image gets no name.
pub async fn load_into_nodes(
    docker: &Docker,
    reference: &str,
    nodes: &[String],
    deadline: Duration,
    telling: Telling<'_>,
) -> Result<Vec<Loaded>, ImageError> {
    if reference.contains('@') {
        return Err(ImageError::NoTag { image: reference.to_owned() });
    }
    let found = inspect(docker, reference).await?;
    let (id, bytes) = found.ok_or_else(|| ImageError::NotThere { image: reference.to_owned() })?;
    let load = Load { docker, reference, id: &id, bytes, telling };
    let each = nodes.iter().map(|node| async {
        let late =
            || ImageError::TimedOut { image: reference.to_owned(), node: node.clone(), seconds: deadline.as_secs() };
        tokio::time::timeout(deadline, load.give_if_missing(node)).await.unwrap_or_else(|_| Err(late()))
    });
    try_join_all(each).await
}

struct Load<'a> {
    docker: &'a Docker,
    reference: &'a str,
    id: &'a str,
    bytes: u64,
    telling: Telling<'a>,
}

impl Load<'_> {
    async fn give_if_missing(&self, node: &str) -> Result<Loaded, ImageError> {
        if self.images_of(node).await.has(self.reference, self.id) {
            return Ok(Loaded { node: node.to_owned(), made: false, bytes: 0 });
        }
        let bytes = self.give(node).await?;
        // The entry that is named by the id is made by the node a moment later.
        let began = Instant::now();
        while !self.images_of(node).await.has(self.reference, self.id) {
            if began.elapsed() > Duration::from_secs(10) {
                return Err(self.failed(node, "it took the archive, and does not show the image".to_owned()));
            }
            tokio::time::sleep(LOOK).await;
        }
        Ok(Loaded { node: node.to_owned(), made: true, bytes })
    }

    /// What a node has, once it answers; the caller's deadline ends the wait.
    async fn images_of(&self, node: &str) -> NodeImages {
        let mut told = None;
        loop {
            match NodeImages::of(self.docker, node).await {
                Ok(images) => return images,
                Err(why) if told.as_ref() != Some(&why) => {
                    (self.telling)(format!("node {node} does not take images yet: {why}"));
                    told = Some(why);
                }
                Err(_) => {}
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn give(&self, node: &str) -> Result<u64, ImageError> {
        let snapshotter = snapshotter(self.docker, node).await.map_err(|why| self.failed(node, why))?;
        (self.telling)(format!("{} ({} MB) into node {node}", self.reference, self.bytes >> 20));
        for all_platforms in [true, false] {
            let command = import_command(&snapshotter, all_platforms);
            let command: Vec<&str> = command.iter().map(String::as_str).collect();
            let archive = self.counted(node, self.docker.client.export_image(self.reference));
            let ended = self.docker.exec_with(node, &command, Some(archive)).await;
            let ended = ended.map_err(|error| docker_failed(format!("giving {} to {node}", self.reference), &error))?;
            if ended.is_success() {
                return Ok(ended.given);
            }
            if !lacks_platforms(&ended.output) || !all_platforms {
                return Err(self.failed(node, ended.last_words()));
            }
        }
        Ok(0)
    }

    /// Tells once a second how much of an archive went by.
    fn counted<'a, E>(
        &'a self,
        node: &'a str,
        archive: impl Stream<Item = Result<Bytes, E>> + 'a,
    ) -> impl Stream<Item = Result<Bytes, E>> + 'a {
        let (mut bytes, mut told) = (0_u64, Instant::now());
        archive.inspect_ok(move |piece| {
            bytes += piece.len() as u64;
            if told.elapsed() >= TELL_EVERY {
                (self.telling)(format!(
                    "{} into node {node}: {} of {} MB",
                    self.reference,
                    bytes >> 20,
                    self.bytes >> 20
                ));
                told = Instant::now();
            }
        })
    }

    fn failed(&self, node: &str, why: String) -> ImageError {
        ImageError::Load { image: self.reference.to_owned(), node: node.to_owned(), why }
    }
}
