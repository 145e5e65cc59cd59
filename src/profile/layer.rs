//! One layer of a profile: a file or a built-in profile, read and checked by itself.

use super::built_in::BuiltIn;
use super::check;
use super::document::Document;
use super::error::{ProfileError, Text};
use super::header;
use super::mistake::mistake;
use super::place;
use super::tree::Node;
use miette::{NamedSource, SourceSpan};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A layer with the places of its values.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    pub name: String,
    pub document: Document,
    pub text: Text,
    /// The file, unless it is built in.
    pub file: Option<PathBuf>,
    tree: Node,
}

impl Layer {
    pub fn built_in(profile: BuiltIn) -> Result<Self, ProfileError> {
        let text = Arc::new(NamedSource::new(format!("built-in {}", profile.name), profile.text.to_owned()));
        Self::read(profile.name.to_owned(), text, None)
    }

    /// A file's content; `path` is what the user calls it.
    pub fn file(path: &Path, content: String) -> Result<Self, ProfileError> {
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let text = Arc::new(NamedSource::new(path.display().to_string(), content));
        Self::read(name, text, Some(path.to_owned()))
    }

    fn read(name: String, text: Text, file: Option<PathBuf>) -> Result<Self, ProfileError> {
        if text.inner().trim().is_empty() {
            let reason = "this file is empty".to_owned();
            return Err(ProfileError::NotAProfile { reason, text, at: (0, 0).into() });
        }
        let tree: Node = serde_yaml::from_str(text.inner()).map_err(|error| mistake(&error, &text))?;
        header::check(&tree, &text)?;
        let document: Document = serde_yaml::from_str(text.inner()).map_err(|error| mistake(&error, &text))?;
        let layer = Self { name, document, text, file, tree };
        check::check(&layer)?;
        Ok(layer)
    }

    /// A path that this layer says: relative to its file.
    pub fn beside(&self, path: &str) -> PathBuf {
        match self.file.as_deref().and_then(Path::parent) {
            Some(folder) => folder.join(path),
            None => path.into(),
        }
    }

    /// The place of a value; of what encloses it where it is not written.
    pub fn place(&self, path: &[&str]) -> SourceSpan {
        (0..=path.len())
            .rev()
            .find_map(|length| self.tree.find(&path[..length]))
            .map_or((0, 0).into(), |node| place::span(self.text.inner(), node.at))
    }

    /// The place of a key in the map under a path.
    pub fn place_of_key(&self, path: &[&str], key: &str) -> SourceSpan {
        match self.tree.key_at(path, key) {
            Some(location) => place::span(self.text.inner(), location),
            None => self.place(path),
        }
    }
}
