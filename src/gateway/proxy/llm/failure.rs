//! Errors of providers, told in the client's language. Source: facts/proxy.md 4 "Upstream error bodies".

use super::format::Format;
use crate::gateway::{
    proxy::refusal::Refusal,
    table::{LlmProvider, LlmRoute},
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// Whose words an error has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    OpenAi,
    Anthropic,
    Google,
    Bedrock,
}

fn words(provider: &LlmProvider, format: Format) -> Words {
    match (format, provider) {
        (Format::Converse | Format::Invoke | Format::BedrockTokenCount, _) => Words::Bedrock,
        (Format::Messages | Format::TokenCount | Format::VertexMessages | Format::VertexTokenCount, _) => {
            Words::Anthropic
        }
        (_, LlmProvider::Gemini | LlmProvider::Vertex { .. }) => Words::Google,
        _ => Words::OpenAi,
    }
}

/// The body that the client sees.
pub fn translated(
    provider: &LlmProvider,
    format: Format,
    route: LlmRoute,
    status: StatusCode,
    body: &[u8],
) -> Result<Vec<u8>, Refusal> {
    let speaks_messages = route == LlmRoute::Messages;
    let answer = match words(provider, format) {
        Words::OpenAi if speaks_messages => openai_as_message(status, body)?,
        Words::OpenAi => return Ok(body.to_vec()),
        Words::Anthropic if route == LlmRoute::TokenCount => return Ok(body.to_vec()),
        Words::Anthropic if speaks_messages => match anthropic_text(body) {
            Some(_) => return Ok(body.to_vec()),
            None => message("error", type_of(status), &String::from_utf8_lossy(body)),
        },
        Words::Anthropic => {
            let text = anthropic_text(body).unwrap_or_else(|| String::from_utf8_lossy(body).into_owned());
            chat(json!({"type": "invalid_request_error", "message": text}))
        }
        Words::Google => {
            let error = google(body)?;
            let kind = google_type(error.status.as_deref());
            match (speaks_messages, error.status) {
                (true, _) => message("error", kind, &error.message),
                (false, Some(code)) => chat(json!({"type": kind, "message": error.message, "code": code})),
                (false, None) => chat(json!({"type": kind, "message": error.message})),
            }
        }
        Words::Bedrock => {
            let text = bedrock_text(body);
            match speaks_messages {
                // The real gateway loses the outer type.
                true => message("", "invalid_request_error", &text),
                false => chat(json!({"type": "invalid_request_error", "message": text})),
            }
        }
    };
    Ok(answer.to_string().into_bytes())
}

fn chat(error: Value) -> Value {
    json!({"event_id": null, "error": error})
}

fn message(outer: &str, kind: &str, text: &str) -> Value {
    json!({"type": outer, "error": {"type": kind, "message": text}})
}

#[derive(Deserialize)]
struct OpenAiError {
    error: OpenAiCause,
}

#[derive(Deserialize)]
struct OpenAiCause {
    message: String,
    r#type: Option<String>,
}

fn openai_as_message(status: StatusCode, body: &[u8]) -> Result<Value, Refusal> {
    let parsed: OpenAiError = serde_json::from_slice(body).map_err(|error| Refusal::unparsable_response(&error))?;
    let kind = parsed.error.r#type.as_deref().unwrap_or_else(|| type_of(status));
    Ok(message("error", kind, &parsed.error.message))
}

fn anthropic_text(body: &[u8]) -> Option<String> {
    let parsed: Value = serde_json::from_slice(body).ok()?;
    parsed.pointer("/error/message")?.as_str().map(str::to_owned)
}

fn bedrock_text(body: &[u8]) -> String {
    let parsed: Option<Value> = serde_json::from_slice(body).ok();
    let told = parsed.as_ref().and_then(|error| error.get("message").or_else(|| error.get("Message"))?.as_str());
    told.map_or_else(|| String::from_utf8_lossy(body).into_owned(), str::to_owned)
}

#[derive(Deserialize)]
struct GoogleError {
    error: Google,
}

#[derive(Deserialize)]
struct Google {
    message: String,
    status: Option<String>,
}

/// Google's compatible endpoint puts its error into a list, its own endpoints do not.
fn google(body: &[u8]) -> Result<Google, Refusal> {
    let wrapped: Result<[GoogleError; 1], _> = serde_json::from_slice(body);
    let parsed = match wrapped {
        Ok([error]) => Ok(error),
        Err(_) => serde_json::from_slice(body),
    };
    parsed.map(|error: GoogleError| error.error).map_err(|error| Refusal::unparsable_response(&error))
}

/// Source: facts/conformance.md B.3 GEM-04.
fn google_type(status: Option<&str>) -> &'static str {
    match status {
        Some("INVALID_ARGUMENT" | "FAILED_PRECONDITION") => "invalid_request_error",
        Some("NOT_FOUND") => "not_found_error",
        Some("PERMISSION_DENIED" | "UNAUTHENTICATED") => "authentication_error",
        Some("RESOURCE_EXHAUSTED") => "rate_limit_error",
        _ => "api_error",
    }
}

fn type_of(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "invalid_request_error",
        401 | 403 => "authentication_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        _ => "api_error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(
        provider: &LlmProvider,
        format: Format,
        route: LlmRoute,
        status: u16,
        body: &str,
    ) -> Result<String, Refusal> {
        let status = StatusCode::from_u16(status).unwrap();
        let body = translated(provider, format, route, status, body.as_bytes())?;
        Ok(String::from_utf8(body).unwrap())
    }

    #[test]
    fn errors_look_as_measured() {
        use LlmRoute::{Completions, Messages};
        let bedrock = LlmProvider::Bedrock { region: "r".into(), guardrail: None };
        let quota = r#"{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED"}}"#;
        let slow = r#"{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}"#;
        let stub = r#"{"error":{"message":"stub error","type":"stub_type"}}"#;
        let chat = |text: &str| {
            format!(r#"{{"event_id":null,"error":{{"type":"invalid_request_error","message":"{text}"}}}}"#)
        };
        let message = |outer: &str, kind: &str, text: &str| {
            format!(r#"{{"type":"{outer}","error":{{"type":"{kind}","message":"{text}"}}}}"#)
        };
        let google =
            r#"{"event_id":null,"error":{"type":"rate_limit_error","message":"quota","code":"RESOURCE_EXHAUSTED"}}"#;
        for (provider, format, route, body, wanted) in [
            (&LlmProvider::OpenAi, Format::Chat, Completions, "oops plain", "oops plain".to_owned()),
            (&LlmProvider::OpenAi, Format::Chat, Messages, stub, message("error", "stub_type", "stub error")),
            (&LlmProvider::Anthropic, Format::Messages, Completions, slow, chat("slow down")),
            (&LlmProvider::Anthropic, Format::Messages, Messages, slow, slow.to_owned()),
            (&LlmProvider::Anthropic, Format::Messages, Completions, "oops plain", chat("oops plain")),
            (&LlmProvider::Gemini, Format::Chat, Completions, quota, google.to_owned()),
            (&LlmProvider::Gemini, Format::Chat, Messages, quota, message("error", "rate_limit_error", "quota")),
            (&bedrock, Format::Converse, Completions, r#"{"message":"throttled"}"#, chat("throttled")),
            (
                &bedrock,
                Format::Converse,
                Messages,
                r#"{"message":"throttled"}"#,
                message("", "invalid_request_error", "throttled"),
            ),
        ] {
            assert_eq!(told(provider, format, route, 429, body).unwrap(), wanted);
        }
        let refusal = told(&LlmProvider::Gemini, Format::Chat, Completions, 500, "oops plain").unwrap_err();
        assert_eq!(refusal.text(), "processing failed: failed to parse response: expected value at line 1 column 1");
    }
}
