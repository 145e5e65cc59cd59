//! Charts that need no Helm: their templates are manifests already.

use super::{Chart, ChartError};
use serde_json::Value;

impl Chart {
    /// The manifests of a chart whose templates have no actions, word for word and in the order of their files; `None`
    /// where Helm is needed. CHART-09 if such a manifest cannot be read.
    pub fn plain_manifests(&self) -> Result<Option<Vec<Value>>, ChartError> {
        if !self.brings.is_empty() || self.texts("charts").next().is_some() {
            return Ok(None);
        }
        let rendered = |name: &str| (name.ends_with(".yaml") || name.ends_with(".yml")) && !name.starts_with('_');
        let templates: Vec<_> = self.texts("templates").filter(|(name, _)| rendered(name)).collect();
        if templates.is_empty() || templates.iter().any(|(_, text)| text.contains("{{")) {
            return Ok(None);
        }
        let mut manifests = Vec::new();
        for (name, text) in self.texts("crds").filter(|(name, _)| rendered(name)).chain(templates) {
            let not = |reason: String| ChartError::NotAChart { what: format!("chart {}", self.title()), reason };
            manifests.extend(documents(text).map_err(|reason| not(format!("{name}: {reason}")))?);
        }
        Ok(Some(manifests))
    }
}

/// The objects of a rendered chart; none where it cannot be read.
pub fn manifests_in(text: &str) -> Vec<Value> {
    documents(text).unwrap_or_default()
}

/// The objects of a YAML text with several documents; empty documents are left out.
pub(super) fn documents(text: &str) -> Result<Vec<Value>, String> {
    // Definitions have tens of thousands of lines, more than the parser's budget for files of people.
    let options = serde_yaml::options! { budget: None };
    let all: Vec<Value> = serde_yaml::from_multiple_with_options(text, options)
        .map_err(|error: serde_yaml::Error| error.to_string().lines().next().unwrap_or_default().to_owned())?;
    let objects: Vec<_> = all.into_iter().filter(|document| !document.is_null()).collect();
    match objects.iter().find(|object| object.get("kind").is_none() || object.pointer("/metadata/name").is_none()) {
        Some(_) => Err("a document has no kind or no name".to_owned()),
        None => Ok(objects),
    }
}
