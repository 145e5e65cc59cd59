//! What is in the resources of a server.

use super::fill::filled_text;
use super::personality::Personality;
use super::template::variables;
use rmcp::ErrorData;
use rmcp::model::{JsonObject, ResourceContents};
use serde_json::json;

/// What is in the resource with this URI, listed or of a template.
pub(super) fn contents(personality: &Personality, uri: &str) -> Option<ResourceContents> {
    let typed = |contents: ResourceContents, mime_type: &Option<String>| match mime_type {
        Some(mime_type) => contents.with_mime_type(mime_type.clone()),
        None => contents,
    };
    if let Some(sheet) = personality.resources.iter().find(|sheet| sheet.resource.uri == uri) {
        let contents = match (&sheet.blob, &sheet.text) {
            (Some(blob), _) => ResourceContents::blob(filled_text(blob, &JsonObject::new()), uri),
            (None, text) => ResourceContents::text(text.clone().unwrap_or_default(), uri),
        };
        return Some(typed(contents, &sheet.resource.mime_type));
    }
    personality.templates.iter().find_map(|sheet| {
        let values = variables(&sheet.template.uri_template, uri)?;
        let contents = ResourceContents::text(filled_text(&sheet.text, &values), uri);
        Some(typed(contents, &sheet.template.mime_type))
    })
}

/// The error that there is no such resource.
pub(super) fn not_found(uri: &str) -> ErrorData {
    let uri: String = uri.chars().take(200).collect();
    ErrorData::resource_not_found(format!("Resource not found: {uri}"), Some(json!({ "uri": uri })))
}
