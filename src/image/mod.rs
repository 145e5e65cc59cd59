//! Images: our own executable as one, and the way of images into the nodes of a local cluster without a registry.

mod build;
mod certificates;
mod contents;
mod context;
mod digests;
mod elf;
mod error;
mod libraries;
mod load;
mod node;
mod prune;
mod pull;
mod strip;

pub use build::{Built, SelfImage, ensure_self_image};
pub use elf::{Elf, read_elf};
pub use error::ImageError;
pub use load::{Loaded, load_into_nodes};
pub use prune::prune_self_images;
pub use pull::{ensure_pulled, local_image};
