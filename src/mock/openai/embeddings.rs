//! Embeddings.

use super::check::{self, wrong_type};
use super::parameters::{EMBEDDINGS, Table};
use super::{Refusal, models};
use crate::mock::answer::tokens;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

const MOST_INPUTS: usize = 2_048;
/// The most tokens that one input may have.
const LONGEST_INPUT: u64 = 8_192;

/// The answer to a request.
pub(super) fn body(request: &Map<String, Value>) -> Result<Value, Refusal> {
    check::parameters(&Table { parameters: EMBEDDINGS, required: &["input", "model"] }, request)?;
    let model = request["model"].as_str().unwrap_or_default();
    models::check(model)?;
    let size = dimensions(model, request)?;
    let inputs = inputs(&request["input"])?;
    let is_base64 = request.get("encoding_format").is_some_and(|format| format == "base64");
    let mut total = 0;
    let mut data = Vec::with_capacity(inputs.len());
    for (index, input) in inputs.iter().enumerate() {
        total += cost(input)?;
        let vector = vector(input, size);
        let embedding = if is_base64 { encoded(&vector).into() } else { json!(vector) };
        data.push(json!({ "object": "embedding", "index": index, "embedding": embedding }));
    }
    let usage = json!({ "prompt_tokens": total, "total_tokens": total });
    Ok(json!({ "object": "list", "data": data, "model": model, "usage": usage }))
}

fn dimensions(model: &str, request: &Map<String, Value>) -> Result<usize, Refusal> {
    let largest = if model.contains("3-large") { 3_072 } else { 1_536 };
    let Some(wanted) = request.get("dimensions").and_then(Value::as_u64) else { return Ok(largest) };
    if model.contains("ada-002") {
        let message = "This model does not support specifying dimensions.";
        return Err(Refusal { code: None, ..Refusal::of_parameter("dimensions", "", message) });
    }
    match usize::try_from(wanted) {
        Ok(wanted) if wanted <= largest => Ok(wanted),
        _ => {
            let message =
                format!("Invalid value for 'dimensions' = {wanted}. Must be less than or equal to {largest}.");
            Err(Refusal { code: None, ..Refusal::of_parameter("dimensions", "", message) })
        }
    }
}

/// The inputs: one text or list of tokens, or several of either.
fn inputs(given: &Value) -> Result<Vec<&Value>, Refusal> {
    let is_token = |value: &Value| value.is_u64();
    match given {
        Value::Array(all) if all.is_empty() => Err(invalid("'input' cannot be an empty array.")),
        Value::Array(all) if all.iter().all(is_token) => Ok(vec![given]),
        Value::Array(all) if all.len() > MOST_INPUTS => {
            Err(invalid(&format!("'input' can have at most {MOST_INPUTS} elements, but it has {}.", all.len())))
        }
        Value::Array(all) => {
            let is_list =
                |value: &Value| value.as_array().is_some_and(|all| !all.is_empty() && all.iter().all(is_token));
            let wrong = all.iter().position(|value| !value.is_string() && !is_list(value));
            match wrong {
                Some(index) => Err(wrong_type(&format!("input[{index}]"), "a string", &all[index])),
                None => Ok(all.iter().collect()),
            }
        }
        _ => Ok(vec![given]),
    }
}

fn cost(input: &Value) -> Result<u64, Refusal> {
    let cost = match input {
        Value::String(text) if text.is_empty() => return Err(invalid("'input' cannot be an empty string.")),
        Value::String(text) => tokens(text).len() as u64,
        other => other.as_array().map_or(0, Vec::len) as u64,
    };
    if cost <= LONGEST_INPUT {
        return Ok(cost);
    }
    Err(invalid(&format!(
        "This model's maximum context length is {LONGEST_INPUT} tokens, however you requested {cost} tokens ({cost} in \
         your prompt; 0 for the completion). Please reduce your prompt; or completion length."
    )))
}

fn invalid(message: &str) -> Refusal {
    Refusal { code: None, ..Refusal::of_parameter("input", "", message) }
}

/// A direction in space, of length 1, that depends on nothing but the input; a shorter one is the start of a longer one.
fn vector(input: &Value, size: usize) -> Vec<f32> {
    let text = input.as_str().map_or_else(|| input.to_string(), str::to_owned);
    let mut numbers = Vec::with_capacity(size);
    for block in 0_u64.. {
        let digest = Sha256::new().chain_update(block.to_be_bytes()).chain_update(&text).finalize();
        let pairs = digest.chunks_exact(2).map(|pair| f32::from(i16::from_be_bytes([pair[0], pair[1]])) + 0.5);
        numbers.extend(pairs.take(size - numbers.len()));
        if numbers.len() == size {
            break;
        }
    }
    let length = numbers.iter().map(|number| number * number).sum::<f32>().sqrt();
    numbers.iter().map(|number| number / length).collect()
}

/// Little-endian 32-bit floats in base64.
fn encoded(vector: &[f32]) -> String {
    STANDARD.encode(vector.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>())
}
