//! Which resource definitions are used: the built-in ones of the line, or those of a folder that the user names.

use super::{Definitions, ResolveError};
use crate::release::{self, ReleaseLine};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::Path;

/// The definitions and their digest.
pub fn resolve(folder: Option<&Path>, line: &ReleaseLine) -> Result<Definitions, ResolveError> {
    let (source, about, objects) = match folder {
        Some(folder) => {
            (folder.display().to_string(), format!("definitions in {}", folder.display()), read_folder(folder)?)
        }
        None => {
            let (major, minor) = line.minor();
            let about = format!("subset of Gateway API 1.5 and {} {major}.{minor}", line.product);
            (line.name.clone(), about, release::definitions(line)?)
        }
    };
    let mut digest = Sha256::new();
    for object in &objects {
        digest.update(object.to_string());
    }
    let name = |object: &Value| object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Definitions { source, about, names: objects.iter().map(name).collect(), sha256: hex::encode(digest.finalize()) })
}

/// The definitions again, as objects to apply.
pub fn load(source: &str) -> Result<Vec<Value>, ResolveError> {
    match release::line(source) {
        Ok(line) => Ok(release::definitions(line)?),
        Err(_) => read_folder(Path::new(source)),
    }
}

/// Every CustomResourceDefinition in the YAML files below a folder, in the order of file names.
fn read_folder(folder: &Path) -> Result<Vec<Value>, ResolveError> {
    let failed = |why: String| ResolveError::Folder { folder: folder.to_owned(), why };
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).map_err(|error| failed(error.to_string()))? {
            let path = entry.map_err(|error| failed(error.to_string()))?.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("yaml" | "yml") => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    let mut found = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|error| failed(format!("{}: {error}", file.display())))?;
        let options = serde_yaml::options! { budget: None };
        let documents: Vec<Value> = serde_yaml::from_multiple_with_options(&text, options)
            .map_err(|error| failed(format!("{}: {error}", file.display())))?;
        found.extend(documents.into_iter().filter(|document| document["kind"] == "CustomResourceDefinition"));
    }
    if found.is_empty() {
        return Err(failed("there is no CustomResourceDefinition in it".to_owned()));
    }
    Ok(found)
}
