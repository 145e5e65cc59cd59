//! The image of our own executable: built only where Docker does not have it.

use super::{
    ImageError,
    contents::Contents,
    context::{DOCKERFILE, write_context},
    digests::Digests,
    libraries::SearchPath,
    strip,
};
use crate::{
    cluster::Telling,
    process::{Docker, cache_folder},
};
use bollard::query_parameters::BuildImageOptionsBuilder;
use futures_util::StreamExt;
use std::{fs::File, io, path::PathBuf, pin::pin};
use tokio_util::io::ReaderStream;

/// The repository of our own images.
pub(super) const REPOSITORY: &str = "agw-sandbox/self";
/// How many digits of the hash are in a tag.
const DIGITS: usize = 16;
/// Size of the pieces in which the context is sent, in bytes.
const PIECE: usize = 1 << 18;

/// The image that an executable makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfImage {
    executable: PathBuf,
    contents: Contents,
}

/// An image that Docker has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Built {
    /// Its name with the tag.
    pub reference: String,
    /// Its id.
    pub id: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whether it was built now.
    pub made: bool,
}

impl SelfImage {
    /// The image that this executable makes. Reads the executable and what it needs, unless they are as they were when
    /// they were read last; asks nobody.
    pub async fn of(executable: PathBuf) -> Result<Self, ImageError> {
        let path = executable.clone();
        let known = cache_folder().map(|folder| folder.join("digests.json"));
        let read = move || Contents::of(&path, &SearchPath::of_this_machine(), Digests::at(known));
        let contents = tokio::task::spawn_blocking(read).await;
        let contents = contents.map_err(|error| packing(&executable, io::Error::other(error)))??;
        Ok(Self { executable, contents })
    }

    /// Its name: `agw-sandbox/self:HASH`, the hash being that of all that it holds.
    pub fn reference(&self) -> String {
        format!("{REPOSITORY}:{}", &self.contents.sha256[..DIGITS.min(self.contents.sha256.len())])
    }

    /// Whether it holds a loader and libraries.
    pub fn is_dynamic(&self) -> bool {
        self.contents.dynamic
    }
}

/// Sees to it that Docker has the image: looks, builds it if it is not there, looks again.
pub async fn ensure_self_image(docker: &Docker, image: &SelfImage, telling: Telling<'_>) -> Result<Built, ImageError> {
    let reference = image.reference();
    if let Some((id, bytes)) = inspect(docker, &reference).await? {
        return Ok(Built { reference, id, bytes, made: false });
    }
    check_machine(docker, image).await?;
    let context = pack(image, telling).await?;
    telling(format!("Docker builds {reference}"));
    build(docker, &reference, context).await?;
    let built = inspect(docker, &reference).await?;
    let (id, bytes) = built.ok_or_else(|| ImageError::Build {
        image: reference.clone(),
        why: "it said nothing of a failure, and the image is not there".to_owned(),
    })?;
    Ok(Built { reference, id, bytes, made: true })
}

/// Id and size of an image, if Docker has it.
pub(super) async fn inspect(docker: &Docker, reference: &str) -> Result<Option<(String, u64)>, ImageError> {
    match docker.client.inspect_image(reference).await {
        Ok(found) => {
            let bytes = found.size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default();
            Ok(Some((found.id.unwrap_or_default(), bytes)))
        }
        Err(bollard::errors::Error::DockerResponseServerError { status_code: 404, .. }) => Ok(None),
        Err(error) => Err(docker_failed(format!("looking for the image {reference}"), &error)),
    }
}

pub(super) fn docker_failed(doing: String, error: &bollard::errors::Error) -> ImageError {
    ImageError::Docker { doing, why: error.to_string() }
}

async fn check_machine(docker: &Docker, image: &SelfImage) -> Result<(), ImageError> {
    let version = docker.client.version().await;
    let version = version.map_err(|error| docker_failed("asking Docker for its version".to_owned(), &error))?;
    match version.arch {
        Some(arch) if arch != image.contents.architecture => Err(ImageError::OtherMachine {
            executable: image.executable.clone(),
            executable_is: image.contents.architecture.to_owned(),
            docker_is: arch,
        }),
        _ => Ok(()),
    }
}

/// Writes the context into a file without a name, with a stripped copy where the executable is large.
async fn pack(image: &SelfImage, telling: Telling<'_>) -> Result<File, ImageError> {
    let mut contents = image.contents.clone();
    let mut stripped = None;
    if strip::is_large(&image.executable) {
        telling(format!("{} is large: taking its debug information away", image.executable.display()));
        stripped = strip::strip(&image.executable).await;
        match &stripped {
            Some(copy) => {
                telling(format!("{} MB are left of it", copy.bytes >> 20));
                contents = contents.with_executable(copy.path.clone());
            }
            None => telling("`strip` is not there or fails: it is packed as it is".to_owned()),
        }
    }
    let packed = tokio::task::spawn_blocking(move || {
        let file = tempfile::tempfile()?;
        write_context(&contents, io::BufWriter::with_capacity(PIECE, &file))?;
        io::Seek::rewind(&mut &file)?;
        Ok(file)
    });
    let packed = packed.await.unwrap_or_else(|error| Err(io::Error::other(error)));
    drop(stripped);
    packed.map_err(|source| packing(&image.executable, source))
}

fn packing(path: &std::path::Path, source: io::Error) -> ImageError {
    ImageError::Pack { path: path.to_owned(), source }
}

async fn build(docker: &Docker, reference: &str, context: File) -> Result<(), ImageError> {
    let failed = |why: String| ImageError::Build { image: reference.to_owned(), why };
    let options =
        BuildImageOptionsBuilder::default().dockerfile(DOCKERFILE).t(reference).rm(true).forcerm(true).build();
    let pieces = ReaderStream::with_capacity(tokio::fs::File::from_std(context), PIECE);
    let mut told = pin!(docker.client.build_image(options, None, Some(bollard::body_try_stream(pieces))));
    while let Some(line) = told.next().await {
        let line = line.map_err(|error| failed(error.to_string()))?;
        if let Some(detail) = line.error_detail {
            return Err(failed(detail.message.unwrap_or_else(|| "it does not say why".to_owned())));
        }
    }
    Ok(())
}
