//! The models that can be listed.

use super::refusal::Refusal;
use http::StatusCode;
use serde_json::{Value, json};
use std::collections::HashMap;

/// Names that begin like this stand for models that do not exist.
const ABSENT: &str = "no-such-model";
/// Id, name for people, and time of creation; the newest first.
const LISTED: [(&str, &str, &str); 5] = [
    ("claude-opus-4-5-20251101", "Claude Opus 4.5", "2025-11-01T00:00:00Z"),
    ("claude-haiku-4-5-20251001", "Claude Haiku 4.5", "2025-10-01T00:00:00Z"),
    ("claude-sonnet-4-5-20250929", "Claude Sonnet 4.5", "2025-09-29T00:00:00Z"),
    ("claude-opus-4-1-20250805", "Claude Opus 4.1", "2025-08-05T00:00:00Z"),
    ("claude-sonnet-4-20250514", "Claude Sonnet 4", "2025-05-14T00:00:00Z"),
];
const USUAL_PAGE: usize = 20;
const LARGEST_PAGE: usize = 1_000;

/// Refuses the models that stand for those that do not exist.
pub(super) fn check(model: &str) -> Result<(), Refusal> {
    if model.starts_with(ABSENT) { Err(absent(model)) } else { Ok(()) }
}

/// A page of the list, as `limit`, `after_id` and `before_id` ask for.
pub(super) fn page(query: &HashMap<String, String>) -> Result<Value, Refusal> {
    if let Some(extra) = query.keys().find(|name| !["limit", "after_id", "before_id"].contains(&name.as_str())) {
        return Err(Refusal::invalid(format!("{extra}: Extra inputs are not permitted")));
    }
    let limit = match query.get("limit").map(|limit| limit.parse::<usize>()) {
        None => USUAL_PAGE,
        Some(Ok(limit)) if (1..=LARGEST_PAGE).contains(&limit) => limit,
        Some(Ok(0)) => return Err(Refusal::invalid("limit: Input should be greater than or equal to 1")),
        Some(Ok(_)) => return Err(Refusal::invalid("limit: Input should be less than or equal to 1000")),
        Some(Err(_)) => {
            return Err(Refusal::invalid(
                "limit: Input should be a valid integer, unable to parse string as an integer",
            ));
        }
    };
    let place = |name: &str| query.get(name).and_then(|id| LISTED.iter().position(|(known, ..)| known == id));
    let start = place("after_id").map_or(0, |place| place + 1);
    let end = place("before_id").unwrap_or(LISTED.len()).max(start);
    let rows = &LISTED[start..end];
    let shown = &rows[..rows.len().min(limit)];
    let id = |row: Option<&(&str, &str, &str)>| row.map(|(id, ..)| id.to_string());
    Ok(json!({
        "data": shown.iter().map(model).collect::<Vec<_>>(),
        "has_more": rows.len() > shown.len(),
        "first_id": id(shown.first()),
        "last_id": id(shown.last()),
    }))
}

/// One of them.
pub(super) fn one(id: &str) -> Result<Value, Refusal> {
    let is_meant = |known: &str| known == id || known.rsplit_once('-').is_some_and(|(alias, _)| alias == id);
    LISTED.iter().find(|(known, ..)| is_meant(known)).map(model).ok_or_else(|| absent(id))
}

fn model((id, name, created): &(&str, &str, &str)) -> Value {
    json!({ "type": "model", "id": id, "display_name": name, "created_at": created, "lifecycle": "active" })
}

fn absent(model: &str) -> Refusal {
    let shown: String = model.chars().take(200).collect();
    Refusal::with(StatusCode::NOT_FOUND, format!("model: {shown}"))
}
