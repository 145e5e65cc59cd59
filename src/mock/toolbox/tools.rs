//! The tools, as data.

use rmcp::model::{JsonObject, Tool};
use serde_json::{Value, json};
use std::sync::Arc;

/// What each tool is called, what it does, its arguments (name, JSON type, description; all are required), and the type
/// of the result if it has a structured one.
type Row = (&'static str, &'static str, &'static [(&'static str, &'static str, &'static str)]);

const ROWS: [Row; 12] = [
    ("echo", "Says what it is told.", &[("text", "string", "What to say")]),
    ("add", "Adds two numbers.", &[("a", "number", "First summand"), ("b", "number", "Second summand")]),
    ("uppercase", "Says it in capitals.", &[("text", "string", "What to say")]),
    ("reverse", "Says it backwards.", &[("text", "string", "What to say")]),
    ("repeat", "Says it several times.", &[("text", "string", "What to say"), ("times", "integer", "1 to 100")]),
    ("count_words", "Counts the words of a text.", &[("text", "string", "What to count")]),
    ("test_simple_text", "Answers with a text.", &[]),
    ("test_image_content", "Answers with an image.", &[]),
    ("test_audio_content", "Answers with a sound.", &[]),
    ("test_embedded_resource", "Answers with an embedded resource.", &[]),
    ("test_multiple_content_types", "Answers with a text, an image and a resource.", &[]),
    ("test_error_handling", "Always fails.", &[]),
];

/// All tools, in the order in which they are listed.
pub(super) fn all() -> Vec<Tool> {
    ROWS.iter().map(|(name, about, arguments)| Tool::new(*name, *about, schema(arguments))).collect()
}

/// The JSON type of every argument of a tool; `None` when there is no such tool.
pub(super) fn arguments(name: &str) -> Option<impl Iterator<Item = (&'static str, &'static str)>> {
    let row = ROWS.iter().find(|(known, ..)| *known == name)?;
    Some(row.2.iter().map(|(argument, kind, _)| (*argument, *kind)))
}

fn schema(arguments: &[(&str, &str, &str)]) -> Arc<JsonObject> {
    let describe =
        |(name, kind, about): &(&str, &str, &str)| ((*name).to_owned(), json!({ "type": kind, "description": about }));
    let properties: JsonObject = arguments.iter().map(describe).collect();
    let required: Vec<Value> = arguments.iter().map(|(name, ..)| Value::from(*name)).collect();
    let mut schema = JsonObject::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties.into());
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    Arc::new(schema)
}
