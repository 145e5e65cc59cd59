//! Embeddings by invoke, in the languages of Titan and Cohere. Source: facts/proxy.md 3.4 and agentgateway 1.4.1.

use crate::gateway::proxy::{
    llm::openai::embeddings::{self, list},
    refusal::Refusal,
};
use http::HeaderMap;
use serde_json::{Value, json};

/// The request. Cohere's models take several texts, Titan one.
pub fn request(request: &embeddings::Request, model: &str) -> Result<Vec<u8>, Refusal> {
    if is_cohere(model) {
        let kind = request.rest.get("input_type").and_then(Value::as_str).unwrap_or("search_query");
        let mut body = json!({"texts": request.texts(), "input_type": kind});
        if let Some(truncate) = request.rest.get("truncate") {
            body["truncate"] = truncate.clone();
        }
        return Ok(body.to_string().into_bytes());
    }
    let Some(text) = request.input.as_str() else {
        let cause = "failed to parse request: Titan requires a single string input";
        return Err(Refusal::Processing(cause.to_owned()));
    };
    let mut body = json!({"inputText": text});
    if let Some(length) = request.dimensions {
        body["dimensions"] = length.into();
    }
    if let Some(normalize) = request.rest.get("normalize") {
        body["normalize"] = normalize.clone();
    }
    if let Some(format) = &request.encoding_format {
        body["embeddingTypes"] = json!([if format == "base64" { "binary" } else { "float" }]);
    }
    Ok(body.to_string().into_bytes())
}

/// The list of embeddings. Cohere's tokens are told in a header.
pub fn answer(body: &[u8], headers: &HeaderMap, model: &str) -> Result<Vec<u8>, Refusal> {
    let answer: Value = serde_json::from_slice(body).map_err(|error| Refusal::unparsable_response(&error))?;
    if is_cohere(model) {
        let told = headers.get("x-amzn-bedrock-input-token-count").and_then(|value| value.to_str().ok()?.parse().ok());
        let vectors = answer["embeddings"].as_array().cloned().unwrap_or_default();
        return Ok(list(vectors, model, told.unwrap_or_default()));
    }
    let whole = answer.get("embedding").filter(|vector| vector.as_array().is_some_and(|vector| !vector.is_empty()));
    let vector = whole.or_else(|| answer.pointer("/embeddingsByType/float")).cloned().unwrap_or_else(|| json!([]));
    Ok(list(vec![vector], model, answer["inputTextTokenCount"].as_u64().unwrap_or_default()))
}

fn is_cohere(model: &str) -> bool {
    model.contains("cohere")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titan_takes_one_text_and_gives_one_vector() {
        let given = embeddings::Request::parse(br#"{"model":"amazon.titan-embed-text-v2:0","input":"hi"}"#).unwrap();
        assert_eq!(request(&given, "amazon.titan").unwrap(), br#"{"inputText":"hi"}"#);
        let answered = br#"{"embedding":[0.5],"inputTextTokenCount":2}"#;
        let listed: Value =
            serde_json::from_slice(&answer(answered, &HeaderMap::new(), "amazon.titan").unwrap()).unwrap();
        assert_eq!((&listed["data"][0]["embedding"], &listed["usage"]["total_tokens"]), (&json!([0.5]), &json!(2)));
        let several = embeddings::Request::parse(br#"{"model":"m","input":["a","b"]}"#).unwrap();
        assert!(
            request(&several, "amazon.titan").unwrap_err().text().ends_with("Titan requires a single string input")
        );
        assert_eq!(request(&several, "cohere.x").unwrap(), br#"{"texts":["a","b"],"input_type":"search_query"}"#);
    }
}
