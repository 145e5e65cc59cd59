//! Embeddings by `predict`.

use crate::mock::answer::prompt_cost;
use crate::mock::gemini::{Dialect, Refusal, read, values};
use crate::mock::shape::{Object, Shape};
use serde_json::{Value, json};

const fn object(name: &'static str, fields: &'static [(&'static str, Shape)]) -> Object {
    Object { name, fields, required: &[], is_union: false }
}

static PREDICT: Object = object(
    "PredictRequest",
    &[("instances", Shape::List(&Shape::Any)), ("parameters", Shape::Any), ("labels", Shape::Map(&Shape::Text))],
);

/// The answer to a request for the embeddings of its instances.
pub(super) fn predict(model: &str, body: &[u8], dialect: Dialect) -> Result<Value, Refusal> {
    let request = read(&PREDICT, body, dialect)?;
    let instances = request["instances"].as_array().map_or(&[][..], Vec::as_slice);
    if instances.is_empty() {
        return Err(Refusal::invalid("Empty instances."));
    }
    if instances.len() > 250 {
        return Err(Refusal::invalid(format!(
            "{} instance(s) is allowed per prediction. Actual: {}",
            250,
            instances.len()
        )));
    }
    let dimensions = request["parameters"]["outputDimensionality"].as_f64();
    let mut predictions = Vec::with_capacity(instances.len());
    let mut characters = 0;
    for instance in instances {
        let Some(text) = instance["content"].as_str().filter(|text| !text.is_empty()) else {
            return Err(Refusal::invalid("The text content is empty."));
        };
        characters += text.chars().filter(|letter| !letter.is_whitespace()).count();
        predictions.push(json!({
            "embeddings": {
                "values": values(model, text, dimensions)?,
                "statistics": { "truncated": false, "token_count": prompt_cost([text]) - 1 },
            },
        }));
    }
    Ok(json!({ "predictions": predictions, "metadata": { "billableCharacterCount": characters } }))
}
