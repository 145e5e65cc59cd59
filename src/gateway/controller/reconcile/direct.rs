//! `traffic.directResponse`. Source: facts/manifests.md 3.4.

use crate::gateway::table::{AnswerBody, DirectAnswer};
use serde_json::Value;

/// The answers that it describes.
pub(super) fn answers(spec: &Value) -> Vec<DirectAnswer> {
    match spec["conditional"].as_array() {
        None => vec![answer(spec, None)],
        Some(entries) => entries
            .iter()
            .map(|entry| answer(&entry["policy"], entry["condition"].as_str().map(str::to_owned)))
            .collect(),
    }
}

fn answer(spec: &Value, condition: Option<String>) -> DirectAnswer {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let body = text(&spec["body"]).map(AnswerBody::Text);
    let headers = spec["headers"].as_array().into_iter().flatten();
    DirectAnswer {
        condition,
        status: spec["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or(200),
        body: body.or_else(|| text(&spec["bodyExpression"]).map(AnswerBody::Expression)),
        headers: headers.filter_map(|header| Some((text(&header["name"])?, text(&header["value"])?))).collect(),
    }
}
