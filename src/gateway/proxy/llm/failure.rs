//! Errors of providers, told in the client's language. Source: facts/proxy.md 4 "Upstream error bodies".

use crate::gateway::{proxy::refusal::Refusal, table::LlmProvider};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

/// The body that a chat client sees.
pub fn translated(provider: LlmProvider, status: StatusCode, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let error = match provider {
        LlmProvider::OpenAi => return Ok(body.to_vec()),
        LlmProvider::Anthropic => json!({"type": "invalid_request_error", "message": anthropic_message(body)}),
        LlmProvider::Gemini => {
            let Google { message, status: code } = google(body)?;
            json!({"type": google_type(status), "message": message, "code": code})
        }
    };
    Ok(json!({"event_id": null, "error": error}).to_string().into_bytes())
}

fn anthropic_message(body: &[u8]) -> String {
    let parsed: Option<Value> = serde_json::from_slice(body).ok();
    let message = parsed.as_ref().and_then(|error| error.pointer("/error/message")?.as_str());
    message.map_or_else(|| String::from_utf8_lossy(body).into_owned(), str::to_owned)
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

fn google_type(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "authentication_error",
        403 => "permission_error",
        404 => "not_found_error",
        429 => "rate_limit_error",
        500.. => "api_error",
        _ => "invalid_request_error",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_look_as_measured() {
        use LlmProvider::{Anthropic, Gemini, OpenAi};
        let quota = r#"{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED"}}"#;
        let slow = r#"{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}"#;
        for (provider, status, body, wanted) in [
            (OpenAi, 500, "oops plain", "oops plain"),
            (
                Anthropic,
                429,
                slow,
                r#"{"event_id":null,"error":{"type":"invalid_request_error","message":"slow down"}}"#,
            ),
            (
                Anthropic,
                500,
                "oops plain",
                r#"{"event_id":null,"error":{"type":"invalid_request_error","message":"oops plain"}}"#,
            ),
            (
                Gemini,
                429,
                quota,
                r#"{"event_id":null,"error":{"type":"rate_limit_error","message":"quota","code":"RESOURCE_EXHAUSTED"}}"#,
            ),
        ] {
            let status = StatusCode::from_u16(status).unwrap();
            let body = translated(provider, status, body.as_bytes()).unwrap();
            assert_eq!(String::from_utf8(body).unwrap(), wanted);
        }
        let refusal = translated(Gemini, StatusCode::INTERNAL_SERVER_ERROR, b"oops plain").unwrap_err();
        assert_eq!(refusal.text(), "processing failed: failed to parse response: expected value at line 1 column 1");
    }
}
