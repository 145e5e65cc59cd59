//! What can go wrong with images.

use miette::Diagnostic;
use std::{io, path::PathBuf};
use thiserror::Error;

/// What can go wrong with images.
#[derive(Debug, Error, Diagnostic)]
pub enum ImageError {
    /// The executable does not run in a Linux container.
    #[error("{} cannot be put into an image: {why}", executable.display())]
    #[diagnostic(
        code("IMAGE-01"),
        help("an image needs a Linux executable: `--mocks host` runs the mocks on this machine instead")
    )]
    NotForImages {
        /// The executable.
        executable: PathBuf,
        /// Why not.
        why: String,
    },

    /// Docker runs another machine than the executable is made for.
    #[error("{} is made for {executable_is}, and Docker runs {docker_is}", executable.display())]
    #[diagnostic(
        code("IMAGE-02"),
        help("install the agw-sandbox for {docker_is} in a Linux of that kind, or run the mocks here: --mocks host")
    )]
    OtherMachine {
        /// The executable.
        executable: PathBuf,
        /// What it is made for.
        executable_is: String,
        /// What Docker runs.
        docker_is: String,
    },

    /// A library of the executable is not found.
    #[error("the library {library} is not found, which {} needs", needed_by.display())]
    #[diagnostic(code("IMAGE-03"), help("ldd {} shows what its loader finds", needed_by.display()))]
    NoLibrary {
        /// Its name.
        library: String,
        /// Who needs it.
        needed_by: PathBuf,
    },

    /// More libraries than can be meant.
    #[error("{} needs more than {most} libraries", executable.display())]
    #[diagnostic(code("IMAGE-04"), help("build it static: `-C target-feature=+crt-static`"))]
    TooMany {
        /// The executable.
        executable: PathBuf,
        /// The most that are packed.
        most: usize,
    },

    /// A file that goes into the image cannot be read, or the image's files cannot be put together.
    #[error("{} cannot be packed", path.display())]
    #[diagnostic(code("IMAGE-05"), help("is the disk full, or the file being replaced? `df -h` and try again"))]
    Pack {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },

    /// Docker did not build it.
    #[error("Docker did not build {image}: {why}")]
    #[diagnostic(
        code("IMAGE-06"),
        help("Docker's own log tells more; `docker system df` shows whether its disk is full")
    )]
    Build {
        /// The image.
        image: String,
        /// Docker's own words.
        why: String,
    },

    /// Docker does not have it.
    #[error("Docker has no image {image}")]
    #[diagnostic(code("IMAGE-07"), help("docker pull {image}   or build it under that name"))]
    NotThere {
        /// The image.
        image: String,
    },

    /// It has no name that survives the way into a node.
    #[error("the image {image} is named by digest, and would lose that name on its way into a node")]
    #[diagnostic(code("IMAGE-11"), help("give it a tag and name that: docker tag {image} NAME:TAG"))]
    NoTag {
        /// The image.
        image: String,
    },

    /// A node did not take it.
    #[error("node {node} did not take the image {image}: {why}")]
    #[diagnostic(
        code("IMAGE-08"),
        help("`docker exec {node} df -h /var` shows whether its disk is full; `agw-sandbox up` tries again")
    )]
    Load {
        /// The image.
        image: String,
        /// The node.
        node: String,
        /// Its own words.
        why: String,
    },

    /// A node took too long.
    #[error("node {node} did not take the image {image} within {seconds} s")]
    #[diagnostic(code("IMAGE-09"), help("a busy disk is the usual cause; `agw-sandbox up` goes on where it stopped"))]
    TimedOut {
        /// The image.
        image: String,
        /// The node.
        node: String,
        /// The deadline.
        seconds: u64,
    },

    /// An image could not be pulled.
    #[error("the image {image} cannot be pulled from {place}: {why}")]
    #[diagnostic(
        code("IMAGE-12"),
        help(
            "docker pull {place}   shows the same; a registry that speaks plain HTTP must be on loopback or among Docker's insecure-registries"
        )
    )]
    Pull {
        /// The image.
        image: String,
        /// Where it was to come from.
        place: String,
        /// Docker's own words.
        why: String,
    },

    /// Docker failed at a call.
    #[error("{doing}: {why}")]
    #[diagnostic(code("IMAGE-10"), help("docker version   shows whether Docker itself answers"))]
    Docker {
        /// What was being done.
        doing: String,
        /// Docker's own words.
        why: String,
    },
}
