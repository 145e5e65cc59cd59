//! Embeddings.

use super::decode::decode;
use super::models::{Model, is_name, unqualified};
use super::options::Options;
use super::refusal::Refusal;
use super::shapes::{EMBED, EMBEDDINGS};
use crate::mock::answer::prompt_cost;
use crate::mock::invent::{normal, vector};
use http::StatusCode;
use serde_json::{Value, json};

/// The answer to a request for the embeddings of one text or several.
pub(super) fn embed(body: &[u8]) -> Result<Value, Refusal> {
    let request = decode(&EMBED, body, "missing request body")?;
    let texts = texts(&request["input"]).ok_or_else(|| Refusal::invalid("invalid input type"))?;
    let name = request["model"].as_str().unwrap_or_default();
    let model = model(name)?;
    Options::read(&request["options"], model)?;
    if texts.is_empty() {
        return Ok(json!({ "model": name, "embeddings": [] }));
    }
    let vectors: Vec<Vec<f64>> = texts.iter().map(|text| cut(model, text, &request["dimensions"])).collect();
    let cost = prompt_cost(texts.iter().copied());
    Ok(json!({
        "model": name,
        "embeddings": vectors,
        "total_duration": 1_000_000 * (cost + 1),
        "load_duration": 1_000_000,
        "prompt_eval_count": cost,
    }))
}

/// The answer to the older request for one.
pub(super) fn embeddings(body: &[u8]) -> Result<Value, Refusal> {
    let request = decode(&EMBEDDINGS, body, "missing request body")?;
    let name = request["model"].as_str().unwrap_or_default();
    if !is_name(name) {
        return Err(Refusal::invalid("model is required"));
    }
    let model = Model::find(name).ok_or_else(|| not_pulled(name))?;
    Options::read(&request["options"], model)?;
    let text = request["prompt"].as_str().unwrap_or_default();
    // This one is not brought to length one.
    let vector = if text.is_empty() { vec![] } else { vector(text, model.dimensions) };
    Ok(json!({ "embedding": vector.iter().map(|part| part * 8.0).collect::<Vec<_>>() }))
}

/// The model of a request for embeddings.
pub(super) fn model(name: &str) -> Result<&'static Model, Refusal> {
    if !is_name(name) {
        return Err(unqualified(name));
    }
    Model::find(name).ok_or_else(|| not_pulled(name))
}

fn not_pulled(name: &str) -> Refusal {
    Refusal::with(StatusCode::NOT_FOUND, format!("model {name:?} not found, try pulling it first"))
}

/// The texts to embed; none when the input is neither a text nor a list of them.
pub(super) fn texts(input: &Value) -> Option<Vec<&str>> {
    match input {
        Value::Null => Some(vec![]),
        Value::String(text) if text.is_empty() => Some(vec![]),
        Value::String(text) => Some(vec![text]),
        Value::Array(texts) => texts.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// The vector of a text, as long as asked for.
pub(super) fn cut(model: &Model, text: &str, dimensions: &Value) -> Vec<f64> {
    let vector = vector(text, model.dimensions);
    match dimensions.as_u64() {
        Some(wanted) if wanted > 0 && (wanted as usize) < vector.len() => normal(&vector[..wanted as usize]),
        _ => vector,
    }
}
