//! Claude under its publisher.

use crate::mock::claude;
use crate::mock::cue::Cue;
use axum::response::Response;
use http::HeaderMap;
use serde_json::Value;

const VERSION: &str = "vertex-2023-10-16";

/// The answer to `rawPredict` and `streamRawPredict`; what is wrong with the body is told in Anthropic's words.
pub(super) async fn raw_predict(model: &str, cue: Cue, headers: &HeaderMap, body: &[u8]) -> Response {
    let mut request = match serde_json::from_slice(body) {
        Ok(Value::Object(request)) => request,
        Ok(_) => return claude::invalid(&cue, "Input should be a valid dictionary"),
        Err(failure) => return claude::invalid(&cue, &format!("The request body is not valid JSON: {failure}")),
    };
    if let Err(message) = claude::take_version(&mut request, VERSION) {
        return claude::invalid(&cue, &message);
    }
    if model == "count-tokens" {
        return claude::ask("/v1/messages/count_tokens", &request, cue, headers).await;
    }
    if request.contains_key("model") {
        return claude::invalid(&cue, "model: Extra inputs are not permitted");
    }
    request.insert("model".to_owned(), model.into());
    claude::ask("/v1/messages", &request, cue, headers).await
}
