//! Tokens as the providers count them, read from whole answers and from events of streams.

use super::spent::Spent;
use crate::{gateway::proxy::body::Body, wire::sse};
use futures_util::StreamExt;
use serde_json::Value;

/// Notes what an answer or an event says of its cost, whoever wrote it.
pub fn note(answer: &Value, spent: &Spent) {
    let inner = [answer, &answer["message"], &answer["response"]];
    let usage = inner.iter().find_map(|part| part.get("usage").or_else(|| part.get("usageMetadata")));
    let model = inner.iter().find_map(|part| part.get("model").or_else(|| part.get("modelVersion"))?.as_str());
    if let Some(model) = model {
        spent.model(model);
    }
    let Some(usage) = usage.filter(|usage| usage.is_object()) else { return };
    let count = |names: &[&str]| names.iter().find_map(|name| usage.get(*name)?.as_u64());
    let input = count(&["prompt_tokens", "input_tokens", "inputTokens", "promptTokenCount"]);
    let output = count(&["completion_tokens", "output_tokens", "outputTokens", "candidatesTokenCount"]);
    let details = usage.pointer("/prompt_tokens_details/cached_tokens").and_then(Value::as_u64);
    let cached = count(&["cache_read_input_tokens", "cacheReadInputTokens", "cachedContentTokenCount"]);
    spent.tokens(input, output, details.or(cached));
}

/// The same bytes; what passes is read along.
pub fn read_along(body: Body, spent: Spent) -> Body {
    let mut decoder = sse::Decoder::new();
    let mut has_begun = false;
    Body::from_stream(body.into_pieces().inspect(move |piece| {
        let Ok(piece) = piece else { return };
        for event in decoder.push(piece) {
            spent.token();
            // Few events say what they cost, and only the first one need say who wrote it.
            if (!std::mem::replace(&mut has_begun, true) || event.data.contains("\"usage"))
                && let Ok(event) = serde_json::from_str(&event.data)
            {
                note(&event, &spent);
            }
        }
    }))
}
