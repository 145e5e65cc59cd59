//! Embeddings.

use super::config::number;
use super::read::{Dialect, read};
use super::refusal::Refusal;
use super::shapes::{BATCH, EMBED};
use crate::mock::invent::vector;
use serde_json::{Value, json};

/// How many texts one request may have.
const LARGEST_BATCH: usize = 100;
const MOST_DIMENSIONS: f64 = 3_072.0;

/// The answer to a request for one embedding.
pub(in crate::mock) fn embedding(model: &str, body: &[u8], dialect: Dialect) -> Result<Value, Refusal> {
    let request = read(&EMBED, body, dialect)?;
    Ok(json!({ "embedding": one(model, &request)? }))
}

/// The answer to a request for several.
pub(super) fn batch(model: &str, body: &[u8], dialect: Dialect) -> Result<Value, Refusal> {
    let request = read(&BATCH, body, dialect)?;
    let requests = request["requests"].as_array().map_or(&[][..], Vec::as_slice);
    if requests.is_empty() || requests.len() > LARGEST_BATCH {
        let what =
            if requests.is_empty() { "requests is not specified" } else { "at most 100 requests can be in one batch" };
        return Err(Refusal::invalid(format!("* BatchEmbedContentsRequest.requests: {what}\n")));
    }
    for (index, request) in requests.iter().enumerate() {
        if request["model"].as_str().is_none_or(|given| given.trim_start_matches("models/") != model) {
            return Err(Refusal::invalid(format!(
                "* BatchEmbedContentsRequest.requests[{index}].model: model must match the model of the batch\n"
            )));
        }
    }
    let embeddings: Vec<Value> = requests.iter().map(|request| one(model, request)).collect::<Result<_, _>>()?;
    Ok(json!({ "embeddings": embeddings }))
}

fn one(model: &str, request: &Value) -> Result<Value, Refusal> {
    let parts = request["content"]["parts"].as_array().map_or(&[][..], Vec::as_slice);
    if parts.is_empty() {
        return Err(Refusal::invalid("* EmbedContentRequest.content: contents is not specified\n"));
    }
    let text: String = parts.iter().filter_map(|part| part["text"].as_str()).collect();
    Ok(json!({ "values": values(model, &text, number(&request["outputDimensionality"]))? }))
}

/// The vector of a text, as long as asked for or as the model makes it.
pub(in crate::mock) fn values(model: &str, text: &str, dimensions: Option<f64>) -> Result<Vec<f64>, Refusal> {
    let usual = if model.contains("gemini-embedding") { MOST_DIMENSIONS } else { 768.0 };
    match dimensions.unwrap_or(usual) {
        wanted if (1.0..=MOST_DIMENSIONS).contains(&wanted) => Ok(vector(text, wanted as usize)),
        _ => Err(Refusal::invalid("Only up to 3072 output dimensions are supported.")),
    }
}
