//! The resource definitions that come with the program; data in `profiles/definitions/`.

use super::ReleaseLine;
use miette::Diagnostic;
use rust_embed::RustEmbed;
use serde_json::Value;
use thiserror::Error;

#[derive(RustEmbed)]
#[folder = "profiles/definitions"]
#[allow_missing = true]
struct Definitions;

/// Folders in the order of their use: the gateway's definitions refer to those of Gateway API.
const FOLDERS: [&str; 2] = ["gateway-api-1.5", "agentgateway-1.4"];

/// What can be wrong with definitions.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum DefinitionsError {
    /// The program brings none for that line.
    #[error("agw-sandbox brings no resource definitions of {line}")]
    #[diagnostic(
        code("RELEASE-03"),
        help("without a cluster, agentgateway-1.4 is played; others need `definitions: FOLDER` in the profile")
    )]
    NoneFor {
        /// Its name.
        line: String,
    },

    /// A file is not what it should be: a mistake in the program.
    #[error("the definitions in {file} cannot be read: {reason}")]
    #[diagnostic(code("RELEASE-04"), help("this is a bug in agw-sandbox, please report it"))]
    Unreadable {
        /// The file.
        file: String,
        /// What the parser says.
        reason: String,
    },
}

/// The CustomResourceDefinitions of a line, in an order in which they can be applied. RELEASE-03 for a line that the
/// program brings none for.
pub fn definitions(line: &ReleaseLine) -> Result<Vec<Value>, DefinitionsError> {
    if line.name != FOLDERS[1] {
        return Err(DefinitionsError::NoneFor { line: line.name.clone() });
    }
    let mut found = Vec::new();
    for folder in FOLDERS {
        let mut files: Vec<_> = Definitions::iter().filter(|file| is_definition(folder, file)).collect();
        files.sort();
        for file in files {
            found.extend(read(&file)?);
        }
    }
    Ok(found)
}

fn is_definition(folder: &str, file: &str) -> bool {
    let inside = file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
    inside && (file.ends_with(".yaml") || file.ends_with(".yml"))
}

fn read(file: &str) -> Result<Vec<Value>, DefinitionsError> {
    let unreadable = |reason: String| DefinitionsError::Unreadable { file: file.to_owned(), reason };
    let content = Definitions::get(file).ok_or_else(|| unreadable("it is gone".to_owned()))?;
    let text = std::str::from_utf8(&content.data).map_err(|error| unreadable(error.to_string()))?;
    // The parser's budget is meant for files of strangers; these are our own.
    let options = serde_yaml::options! { budget: None };
    let documents: Vec<Value> =
        serde_yaml::from_multiple_with_options(text, options).map_err(|error| unreadable(error.to_string()))?;
    Ok(documents.into_iter().filter(|document| !document.is_null()).collect())
}

#[cfg(test)]
mod tests {
    use super::{DefinitionsError, definitions};
    use crate::release::line;

    #[test]
    fn what_is_there_is_a_definition() {
        for definition in definitions(line("agentgateway-1.4").unwrap()).unwrap() {
            assert_eq!(definition["kind"], "CustomResourceDefinition", "{}", definition["metadata"]["name"]);
        }
    }

    #[test]
    fn no_definitions_are_invented_for_other_lines() {
        let error = definitions(line("kgateway-2.1").unwrap()).unwrap_err();
        assert_eq!(error, DefinitionsError::NoneFor { line: "kgateway-2.1".to_owned() });
    }
}
