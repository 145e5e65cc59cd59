//! What an echo answered, without the credentials that it received.

use crate::exchange::{mask_header, mask_target};
use crate::mock::recorder::Seen;
use serde_json::Value;

/// An answer with tokens of its credentials; `None` for what is recorded as it is.
pub(in crate::mock) fn shown(seen: Seen<'_>) -> Option<String> {
    if !seen.is_answer || !seen.content_type.starts_with("application/json") {
        return None;
    }
    let Ok(mut answer) = serde_json::from_slice::<Value>(seen.bytes) else {
        // One that was cut off cannot be cleaned; the request is recorded all the same.
        return Some(String::new());
    };
    if let Some(target) = answer["target"].as_str().map(mask_target) {
        answer["target"] = target.into();
    }
    for header in answer["headers"].as_array_mut().into_iter().flatten() {
        let pair = [&header[0], &header[1]].map(|part| part.as_str().unwrap_or_default().to_owned());
        header[1] = mask_header(&pair[0], &pair[1]).into();
    }
    Some(answer.to_string())
}
