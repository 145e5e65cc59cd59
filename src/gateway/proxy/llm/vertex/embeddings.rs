//! Embeddings by predict. Source: facts/proxy.md 3.4 and facts/conformance.md C.4.

use crate::gateway::proxy::{
    llm::openai::embeddings::{self, list},
    refusal::Refusal,
};
use serde_json::{Map, Value, json};

/// The request for predictions, one for each input.
pub fn request(request: &embeddings::Request) -> Vec<u8> {
    let task = request.rest.get("task_type").and_then(Value::as_str).unwrap_or("RETRIEVAL_QUERY");
    let instances: Vec<Value> =
        request.texts().into_iter().map(|text| json!({"content": text, "task_type": task})).collect();
    let mut body = json!({"instances": instances});
    let mut parameters = Map::new();
    parameters.extend(request.rest.get("auto_truncate").map(|value| ("autoTruncate".to_owned(), value.clone())));
    parameters.extend(request.dimensions.map(|length| ("outputDimensionality".to_owned(), length.into())));
    if !parameters.is_empty() {
        body["parameters"] = parameters.into();
    }
    body.to_string().into_bytes()
}

/// The list of embeddings for predictions.
pub fn answer(body: &[u8], model: &str) -> Result<Vec<u8>, Refusal> {
    let answer: Value = serde_json::from_slice(body).map_err(|error| Refusal::unparsable_response(&error))?;
    let predictions = answer["predictions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let tokens = predictions.iter().filter_map(|one| one.pointer("/embeddings/statistics/token_count")?.as_f64());
    let tokens = tokens.sum::<f64>() as u64;
    let vectors = predictions.iter().filter_map(|one| one.pointer("/embeddings/values").cloned()).collect();
    Ok(list(vectors, model, tokens))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_input_is_an_instance() {
        let given = embeddings::Request::parse(br#"{"model":"m","input":"hi"}"#).unwrap();
        let wanted = r#"{"instances":[{"content":"hi","task_type":"RETRIEVAL_QUERY"}]}"#;
        assert_eq!(String::from_utf8(request(&given)).unwrap(), wanted);
        let answered = br#"{"predictions":[{"embeddings":{"values":[0.5],"statistics":{"token_count":2}}}]}"#;
        let listed: Value = serde_json::from_slice(&answer(answered, "m").unwrap()).unwrap();
        assert_eq!(listed["data"], json!([{"index": 0, "object": "embedding", "embedding": [0.5]}]));
        assert_eq!(listed["usage"], json!({"prompt_tokens": 2, "total_tokens": 2}));
    }
}
