//! From a name or a path to a whole profile.

use super::error::ProfileError;
use super::layer::Layer;
use super::merge::merge;
use super::overrides::Overrides;
use super::{Profile, built_in, wiring_check};
use std::path::{Path, PathBuf};

/// How many files may extend each other.
const MOST_LAYERS: usize = 8;

/// The largest file that is read, in bytes: a profile is written by hand.
const LARGEST_FILE: u64 = 1 << 20;

/// The profile of that name or path with the flags over it. Every mistake has an id `PROFILE-NN` and its place.
pub fn load(wanted: &str, flags: &Overrides) -> Result<Profile, ProfileError> {
    let layers = layers(wanted)?;
    let mut profile = layers.iter().fold(Profile::default(), merge);
    wiring_check::check(&profile, &layers)?;
    flags.apply(&mut profile)?;
    Ok(profile)
}

/// All layers, the lowest first.
fn layers(wanted: &str) -> Result<Vec<Layer>, ProfileError> {
    let mut layers = vec![top(wanted)?];
    let mut seen: Vec<PathBuf> = layers.iter().filter_map(identity).collect();
    while let Some(extends) = layers.last().and_then(|layer| layer.document.extends.clone()) {
        let Some(above) = layers.last() else { break };
        let below = extended(above, &extends)?;
        let again = identity(&below).is_some_and(|path| seen.contains(&path));
        if again || layers.len() >= MOST_LAYERS {
            return Err(endless(above, &extends, again));
        }
        seen.extend(identity(&below));
        layers.push(below);
    }
    layers.reverse();
    Ok(layers)
}

fn top(wanted: &str) -> Result<Layer, ProfileError> {
    if let Some(profile) = built_in::find(wanted) {
        return Layer::built_in(profile);
    }
    let path = Path::new(wanted);
    if !looks_like_a_path(wanted) && !path.is_file() {
        return Err(built_in::unknown(wanted));
    }
    let content = read(path).map_err(|reason| ProfileError::Unreadable {
        path: wanted.to_owned(),
        reason,
        text: None,
        at: None,
    })?;
    Layer::file(path, content)
}

/// What a layer extends: a built-in name, or a file relative to its own.
fn extended(above: &Layer, extends: &str) -> Result<Layer, ProfileError> {
    if let Some(profile) = built_in::find(extends) {
        return Layer::built_in(profile);
    }
    let (text, at) = (Some(above.text.clone()), Some(above.place(&["extends"])));
    let folder = above.file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let path = folder.join(extends);
    if !looks_like_a_path(extends) && !path.is_file() {
        let ProfileError::UnknownProfile { name, hint, .. } = built_in::unknown(extends) else {
            return Err(built_in::unknown(extends));
        };
        return Err(ProfileError::UnknownProfile { name, hint, text, at });
    }
    let content =
        read(&path).map_err(|reason| ProfileError::Unreadable { path: extends.to_owned(), reason, text, at })?;
    Layer::file(&path, content)
}

fn endless(above: &Layer, extends: &str, again: bool) -> ProfileError {
    let reason = match again {
        true => format!("this profile extends itself through `{extends}`"),
        false => format!("more than {MOST_LAYERS} profiles extend each other"),
    };
    ProfileError::EndlessExtends { reason, text: above.text.clone(), at: above.place(&["extends"]) }
}

fn identity(layer: &Layer) -> Option<PathBuf> {
    layer.file.as_deref()?.canonicalize().ok()
}

fn looks_like_a_path(text: &str) -> bool {
    text.contains('/') || text.ends_with(".yaml") || text.ends_with(".yml")
}

fn read(path: &Path) -> Result<String, String> {
    let about = std::fs::metadata(path).map_err(|error| told(&error))?;
    if !about.is_file() {
        return Err("it is not a file".to_owned());
    }
    if about.len() > LARGEST_FILE {
        return Err(format!("it has {} bytes, and {LARGEST_FILE} are the most", about.len()));
    }
    let bytes = std::fs::read(path).map_err(|error| told(&error))?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())
}

fn told(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
        std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
