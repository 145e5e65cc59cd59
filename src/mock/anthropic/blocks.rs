//! The blocks of a message's content.

use super::fields::{Fields, required_at, text_at, unknown_tag, wrong};
use super::refusal::Refusal;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;

const BLOCKS: [&str; 20] = [
    "text",
    "image",
    "document",
    "search_result",
    "thinking",
    "redacted_thinking",
    "tool_use",
    "tool_result",
    "server_tool_use",
    "web_search_tool_result",
    "web_fetch_tool_result",
    "code_execution_tool_result",
    "bash_code_execution_tool_result",
    "text_editor_code_execution_tool_result",
    "tool_search_tool_result",
    "mcp_tool_use",
    "mcp_tool_result",
    "container_upload",
    "compaction",
    "tool_reference",
];
const IMAGES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// A block as far as the mock looks at it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Block {
    pub(super) text: String,
    /// 1 for an image, a document or a search result.
    pub(super) attachments: u64,
    /// The length of a document, in characters.
    pub(super) document: Option<usize>,
    /// The id of a call.
    pub(super) call: Option<String>,
    /// The id of the call that a result answers.
    pub(super) result: Option<String>,
}

/// Reads a block; the refusal names what is wrong.
pub(super) fn read(place: &str, block: &Value) -> Result<Block, Refusal> {
    let Value::Object(fields) = block else { return Err(wrong(place, "dictionary")) };
    let kind = match fields.get("type") {
        Some(Value::String(kind)) => kind.as_str(),
        _ => return Err(Refusal::invalid(format!("{place}.type: Field required"))),
    };
    if !BLOCKS.contains(&kind) {
        return Err(unknown_tag(place, kind, &BLOCKS));
    }
    let place = format!("{place}.{kind}");
    let attachment = Block { attachments: 1, ..Block::default() };
    match kind {
        "text" => match text_at(fields, "text", &place)? {
            "" => Err(Refusal::invalid("messages: text content blocks must be non-empty")),
            text => Ok(Block { text: text.to_owned(), ..Block::default() }),
        },
        "image" => source(&place, fields).map(|_| attachment),
        "document" => Ok(Block { document: Some(source(&place, fields)?), ..attachment }),
        "thinking" => {
            text_at(fields, "signature", &place)?;
            text_at(fields, "thinking", &place).map(|text| Block { text: text.to_owned(), ..Block::default() })
        }
        "tool_use" => tool_use(&place, fields),
        "tool_result" => tool_result(&place, fields),
        _ => Ok(attachment),
    }
}

fn tool_use(place: &str, fields: &Fields) -> Result<Block, Refusal> {
    let id = text_at(fields, "id", place)?;
    text_at(fields, "name", place)?;
    match required_at(fields, "input", &format!("{place}.input"))? {
        Value::Object(input) => {
            let text = Value::Object(input.clone()).to_string();
            Ok(Block { text, call: Some(id.to_owned()), ..Block::default() })
        }
        _ => Err(wrong(&format!("{place}.input"), "dictionary")),
    }
}

fn tool_result(place: &str, fields: &Fields) -> Result<Block, Refusal> {
    let id = text_at(fields, "tool_use_id", place)?;
    if fields.get("is_error").is_some_and(|value| !value.is_boolean() && !value.is_null()) {
        return Err(wrong(&format!("{place}.is_error"), "boolean"));
    }
    let inner = match fields.get("content") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(text)) => vec![Block { text: text.clone(), ..Block::default() }],
        Some(Value::Array(all)) => {
            let read = |(index, block)| read(&format!("{place}.content.{index}"), block);
            all.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?
        }
        Some(_) => return Err(wrong(&format!("{place}.content"), "string")),
    };
    let attachments = inner.iter().map(|block| block.attachments).sum();
    let text = inner.into_iter().map(|block| block.text).collect();
    Ok(Block { text, attachments, result: Some(id.to_owned()), document: None, call: None })
}

/// Reads the source of an image or a document; the length of a plain text, in characters.
fn source(place: &str, fields: &Fields) -> Result<usize, Refusal> {
    let place = format!("{place}.source");
    let Value::Object(source) = required_at(fields, "source", &place)? else {
        return Err(wrong(&place, "dictionary"));
    };
    let is_image = place.contains(".image.");
    let kind = text_at(source, "type", &place)?;
    let known: &[&str] =
        if is_image { &["base64", "url", "file"] } else { &["base64", "content", "file", "text", "url"] };
    if !known.contains(&kind) {
        return Err(unknown_tag(&place, kind, known));
    }
    let place = format!("{place}.{kind}");
    match kind {
        "base64" => base64(&place, source, is_image).map(|()| 0),
        "text" => text_at(source, "data", &place).map(|text| text.chars().count()),
        "url" => match text_at(source, "url", &place)? {
            url if url.starts_with("https://") || url.starts_with("http://") => Ok(0),
            _ => Err(Refusal::invalid(format!("{place}.url: Only HTTPS URLs are supported."))),
        },
        "file" => text_at(source, "file_id", &place).map(|_| 0),
        _ => Ok(0),
    }
}

fn base64(place: &str, source: &Fields, is_image: bool) -> Result<(), Refusal> {
    let media = text_at(source, "media_type", place)?;
    if is_image && !IMAGES.contains(&media) {
        let known = "'image/jpeg', 'image/png', 'image/gif' or 'image/webp'";
        return Err(Refusal::invalid(format!("{place}.media_type: Input should be {known}")));
    }
    if !is_image && media != "application/pdf" {
        return Err(Refusal::invalid(format!("{place}.media_type: Input should be 'application/pdf'")));
    }
    match text_at(source, "data", place)? {
        data if data.is_empty() || STANDARD.decode(data).is_err() => {
            Err(Refusal::invalid(format!("{place}.data: Invalid base64 data")))
        }
        _ => Ok(()),
    }
}
