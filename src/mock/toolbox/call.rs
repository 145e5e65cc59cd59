//! What the tools do.

use super::tools;
use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, JsonObject, ResourceContents};
use serde_json::Value;

/// A red pixel as PNG.
const PIXEL: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
/// No sound at all as WAV: a header and no samples.
const SILENCE: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";
const MOST_TIMES: u64 = 100;

/// Calls a tool. A tool that there is not, or an argument of the wrong type, is a protocol error; a tool that fails
/// answers a result that says so.
pub(super) fn call(name: &str, arguments: &JsonObject) -> Result<CallToolResult, ErrorData> {
    check(name, arguments)?;
    let text = arguments.get("text").and_then(Value::as_str).unwrap_or_default();
    let content = match name {
        "echo" => vec![ContentBlock::text(text)],
        "add" => vec![ContentBlock::text(sum(arguments))],
        "uppercase" => vec![ContentBlock::text(text.to_uppercase())],
        "reverse" => vec![ContentBlock::text(text.chars().rev().collect::<String>())],
        "repeat" => return Ok(repeat(text, arguments.get("times").and_then(Value::as_u64))),
        "count_words" => vec![ContentBlock::text(text.split_whitespace().count().to_string())],
        "test_simple_text" => vec![ContentBlock::text("This is a simple text response for testing.")],
        "test_image_content" => vec![image()],
        "test_audio_content" => vec![ContentBlock::audio(SILENCE, "audio/wav")],
        "test_embedded_resource" => {
            vec![resource("test://embedded-resource", "text/plain", "This is an embedded resource content.")]
        }
        "test_multiple_content_types" => vec![
            ContentBlock::text("Multiple content types test:"),
            image(),
            resource("test://mixed-content-resource", "application/json", r#"{"test":"data","value":123}"#),
        ],
        "test_error_handling" => return Ok(failure("This tool intentionally returns an error for testing")),
        _ => return Err(unknown(name)),
    };
    Ok(CallToolResult::success(content))
}

fn check(name: &str, arguments: &JsonObject) -> Result<(), ErrorData> {
    for (argument, kind) in tools::arguments(name).ok_or_else(|| unknown(name))? {
        let fits = arguments.get(argument).is_some_and(|value| match kind {
            "string" => value.is_string(),
            "integer" => value.is_u64(),
            _ => value.is_number(),
        });
        if !fits {
            let message = format!("Invalid arguments for tool {name}: `{argument}` is required and has type {kind}");
            return Err(ErrorData::invalid_params(message, None));
        }
    }
    Ok(())
}

fn unknown(name: &str) -> ErrorData {
    ErrorData::invalid_params(format!("Unknown tool: {}", name.chars().take(100).collect::<String>()), None)
}

fn sum(arguments: &JsonObject) -> String {
    let number = |name: &str| arguments.get(name).cloned().unwrap_or_default();
    match (number("a").as_i64(), number("b").as_i64()) {
        (Some(a), Some(b)) => (i128::from(a) + i128::from(b)).to_string(),
        _ => (number("a").as_f64().unwrap_or_default() + number("b").as_f64().unwrap_or_default()).to_string(),
    }
}

fn repeat(text: &str, times: Option<u64>) -> CallToolResult {
    match times {
        Some(times @ 1..=MOST_TIMES) if text.len() <= 10_000 => {
            let said = vec![text; usize::try_from(times).unwrap_or(1)];
            CallToolResult::success(vec![ContentBlock::text(said.join(" "))])
        }
        _ => failure("`times` is 1 to 100 and `text` has at most 10000 bytes"),
    }
}

fn failure(message: &str) -> CallToolResult {
    CallToolResult::error(vec![ContentBlock::text(message)])
}

fn image() -> ContentBlock {
    ContentBlock::image(PIXEL, "image/png")
}

fn resource(uri: &str, mime_type: &str, text: &str) -> ContentBlock {
    ContentBlock::resource(ResourceContents::text(text, uri).with_mime_type(mime_type))
}
