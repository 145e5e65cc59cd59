//! The parts of a message's content.

use super::Refusal;
use super::check::{missing, text_at, wrong_type, wrong_word};
use base64::{Engine, engine::general_purpose::STANDARD};
use http::StatusCode;
use serde_json::{Map, Value};

const IMAGE_TYPES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// Which parts a message of a role may have.
fn parts_of(role: &str) -> &'static [&'static str] {
    match role {
        "user" => &["text", "image_url", "input_audio", "refusal", "audio", "file"],
        "assistant" => &["text", "refusal"],
        _ => &["text"],
    }
}

/// The text of a part; empty for the other kinds.
pub(super) fn read<'a>(place: &str, role: &str, part: &'a Value) -> Result<&'a str, Refusal> {
    let Value::Object(fields) = part else {
        return Err(wrong_type(place, "an object", part));
    };
    let kind = text_at(place, "type", fields)?;
    if !parts_of(role).contains(&kind) {
        return Err(wrong_word(&format!("{place}.type"), parts_of(role), kind));
    }
    let inner = format!("{place}.{kind}");
    match (kind, fields.get(kind)) {
        (_, None) => Err(missing(&inner)),
        ("text" | "refusal", Some(Value::String(text))) => Ok(text),
        ("text" | "refusal", Some(other)) => Err(wrong_type(&inner, "a string", other)),
        ("image_url", Some(Value::Object(image))) => image_url(&inner, image),
        ("input_audio", Some(Value::Object(audio))) => input_audio(&inner, audio),
        ("file", Some(Value::Object(_))) => Ok(""),
        (_, Some(other)) => Err(wrong_type(&inner, "an object", other)),
    }
}

fn image_url<'a>(place: &str, image: &Map<String, Value>) -> Result<&'a str, Refusal> {
    check_image(text_at(place, "url", image)?)?;
    match image.get("detail") {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(detail)) if ["auto", "low", "high"].contains(&detail.as_str()) => Ok(""),
        Some(Value::String(detail)) => Err(wrong_word(&format!("{place}.detail"), &["low", "high", "auto"], detail)),
        Some(other) => Err(wrong_type(&format!("{place}.detail"), "a string", other)),
    }
}

/// Refuses what is neither an image on the web nor one in the URL itself.
pub(super) fn check_image(url: &str) -> Result<(), Refusal> {
    let refuse = |code, message: String| Err(Refusal::of_request(StatusCode::BAD_REQUEST, Some(code), message));
    if let Some(data) = url.strip_prefix("data:") {
        let (head, body) = data.split_once(',').unwrap_or((data, ""));
        let Some(kind) = head.strip_suffix(";base64") else {
            return refuse(
                "invalid_image_url",
                "Invalid image URL: only base64-encoded data URLs are supported.".into(),
            );
        };
        if !IMAGE_TYPES.contains(&kind) {
            return refuse("invalid_image_format", "Invalid MIME type. Only image types are supported.".into());
        }
        if body.is_empty() || STANDARD.decode(body).is_err() {
            return refuse("invalid_base64", "Invalid base64 image_url.".into());
        }
        return Ok(());
    }
    if url.starts_with("https://") || url.starts_with("http://") {
        return Ok(());
    }
    let shown: String = url.chars().take(60).collect();
    refuse("invalid_image_url", format!("Failed to download image from {shown}. Image URL is not valid."))
}

fn input_audio<'a>(place: &str, audio: &Map<String, Value>) -> Result<&'a str, Refusal> {
    text_at(place, "data", audio)?;
    match text_at(place, "format", audio)? {
        "wav" | "mp3" => Ok(""),
        other => Err(wrong_word(&format!("{place}.format"), &["wav", "mp3"], other)),
    }
}
