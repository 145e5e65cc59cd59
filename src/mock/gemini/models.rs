//! The models that can be listed.

use super::key::Query;
use super::refusal::Refusal;
use super::request::check_model;
use serde_json::{Value, json};

/// Name and what people call it.
const LISTED: [(&str, &str); 4] = [
    ("gemini-2.5-pro", "Gemini 2.5 Pro"),
    ("gemini-2.5-flash", "Gemini 2.5 Flash"),
    ("gemini-2.0-flash", "Gemini 2.0 Flash"),
    ("gemini-embedding-001", "Gemini Embedding 001"),
];

/// One page of all that are listed.
pub(super) fn list(query: &Query) -> Result<Value, Refusal> {
    let given = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let size = given("pageSize").map_or(Ok(50), str::parse::<usize>);
    let Ok(size) = size else {
        return Err(Refusal::invalid(format!(
            "Invalid value at 'page_size' (TYPE_INT32), \"{}\"",
            given("pageSize").unwrap_or_default()
        )));
    };
    let start = match given("pageToken").filter(|token| !token.is_empty()) {
        None => 0,
        Some(token) => token
            .strip_prefix("page-")
            .and_then(|start| start.parse::<usize>().ok())
            .ok_or_else(|| Refusal::invalid("* ListModelsRequest.page_token: invalid page token\n"))?,
    };
    let end = start.saturating_add(if size == 0 { 50 } else { size.min(1_000) });
    let page: Vec<Value> = LISTED.iter().take(end).skip(start).map(|(name, title)| model(name, title)).collect();
    let mut body = json!({ "models": page });
    if end < LISTED.len() {
        body["nextPageToken"] = format!("page-{end}").into();
    }
    Ok(body)
}

/// One of them; a model that is not listed is described like the others.
pub(super) fn one(name: &str, version: &str) -> Result<Value, Refusal> {
    check_model(name, version, "getModel")?;
    let title = LISTED.iter().find(|(listed, _)| *listed == name).map_or(name, |(_, title)| title);
    Ok(model(name, title))
}

/// All that are listed, as OpenAI lists them.
pub(super) fn compatible_list() -> Value {
    let model = |(name, title): &(&str, &str)| compatible(name, title);
    json!({ "object": "list", "data": LISTED.iter().map(model).collect::<Vec<_>>() })
}

/// One of them, as OpenAI describes it.
pub(super) fn compatible(name: &str, title: &str) -> Value {
    json!({ "id": format!("models/{name}"), "object": "model", "owned_by": "google", "display_name": title })
}

fn model(name: &str, title: &str) -> Value {
    let mut model = json!({
        "name": format!("models/{name}"),
        "version": "001",
        "displayName": title,
        "description": format!("{title}, played by a mock."),
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
    });
    if name.contains("embedding") {
        model["inputTokenLimit"] = 2_048.into();
        model["outputTokenLimit"] = 1.into();
        model["supportedGenerationMethods"] = json!(["embedContent", "countTextTokens", "countTokens"]);
        return model;
    }
    model["supportedGenerationMethods"] = json!(["generateContent", "countTokens", "createCachedContent"]);
    for (field, value) in
        [("temperature", json!(1)), ("topP", json!(0.95)), ("topK", json!(64)), ("maxTemperature", json!(2))]
    {
        model[field] = value;
    }
    model["thinking"] = json!(true);
    model
}
