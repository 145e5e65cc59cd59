//! Chat completions, as far as the proxy looks into them.

use crate::gateway::proxy::refusal::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

/// A chat completion request. The order of the fields is the order upstream, and its name is part of parse errors.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Request {
    /// Messages, as they are.
    pub messages: Vec<Value>,
    /// Model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Number>,
    /// Nucleus sampling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<Number>,
    /// Whether the answer is to come as a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream: Option<bool>,
    /// What belongs to the stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_options: Option<Value>,
    /// Longest answer, in the old word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tokens: Option<Number>,
    /// Longest answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_completion_tokens: Option<Number>,
    /// Everything else.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Request {
    /// Reads a body; the texts of errors are part of the answer.
    pub fn parse(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|error| Refusal::unparsable_request(&error))
    }

    /// Whether the answer is to come as a stream.
    pub fn streams(&self) -> bool {
        self.stream == Some(true)
    }

    /// Says `max_completion_tokens` to the models that want it.
    pub fn rename_max_tokens(&mut self) {
        if self.model.as_deref().is_some_and(|model| model.starts_with("gpt-")) {
            self.max_completion_tokens = self.max_completion_tokens.take().or_else(|| self.max_tokens.take());
            self.max_tokens = None;
        }
    }

    /// Asks for usage at the end of a stream, unless the client has a word on it.
    pub fn ask_for_usage(&mut self) {
        if self.streams() && self.stream_options.is_none() {
            self.stream_options = Some(serde_json::json!({"include_usage": true}));
        }
    }

    /// The body upstream.
    pub fn to_body(&self) -> Result<Vec<u8>, Refusal> {
        serde_json::to_vec(self).map_err(|error| Refusal::Processing(format!("failed to marshal request: {error}")))
    }
}

/// A chat completion, its fields in the order that clients see: `model`, `usage`, `choices`, then the rest as it came.
pub fn reordered_answer(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let parsed: Result<Map<String, Value>, _> = serde_json::from_slice(body);
    let mut answer =
        first(parsed.map_err(|error| Refusal::unparsable_response(&error))?, &["model", "usage", "choices"]);
    for choice in answer.get_mut("choices").and_then(Value::as_array_mut).into_iter().flatten() {
        let Some(fields) = choice.as_object_mut() else { continue };
        *fields = first(std::mem::take(fields), &["message"]);
        if let Some(message) = fields.get_mut("message").and_then(Value::as_object_mut) {
            *message = first(std::mem::take(message), &["content"]);
        }
    }
    serde_json::to_vec(&answer).map_err(|error| Refusal::unparsable_response(&error))
}

/// The same fields, some of them moved to the front.
fn first(mut fields: Map<String, Value>, names: &[&str]) -> Map<String, Value> {
    let mut ordered: Map<String, Value> = names.iter().filter_map(|name| fields.shift_remove_entry(*name)).collect();
    ordered.extend(fields);
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_that_are_no_request_are_refused_in_the_words_of_the_parser() {
        for (body, text) in [
            ("", "EOF while parsing a value at line 1 column 0"),
            ("{bad", "key must be a string at line 1 column 2"),
            ("[]", "invalid type: sequence, expected struct Request at line 1 column 0"),
            (r#"{"model": "m"}"#, "missing field `messages` at line 1 column 14"),
            (r#"{"model": 1, "messages": []}"#, "invalid type: integer `1`, expected a string at line 1 column 11"),
        ] {
            let text = format!("processing failed: failed to parse request: {text}");
            assert_eq!(Request::parse(body.as_bytes()).unwrap_err().text(), text, "{body}");
        }
    }

    #[test]
    fn bodies_are_written_in_the_measured_order() {
        let given = r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":50,"temperature":0.5,"x_unknown":{"a":1}}"#;
        for (model, tokens) in [("gpt-x", "max_completion_tokens"), ("llama", "max_tokens")] {
            let mut request = Request::parse(given.as_bytes()).unwrap();
            request.model = Some(model.to_owned());
            request.rename_max_tokens();
            let body = String::from_utf8(request.to_body().unwrap()).unwrap();
            let rest = format!(r#""model":"{model}","temperature":0.5,"{tokens}":50,"x_unknown":{{"a":1}}}}"#);
            assert_eq!(body, format!(r#"{{"messages":[{{"role":"user","content":"hi"}}],{rest}"#));
        }
    }

    #[test]
    fn answers_are_written_in_the_measured_order() {
        let given = r#"{"id":"chatcmpl-1","object":"chat.completion","created":17,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}],"usage":{"total_tokens":15}}"#;
        let wanted = r#"{"model":"m","usage":{"total_tokens":15},"choices":[{"message":{"content":"x","role":"assistant"},"index":0,"finish_reason":"stop"}],"id":"chatcmpl-1","object":"chat.completion","created":17}"#;
        assert_eq!(reordered_answer(given.as_bytes()).unwrap(), wanted.as_bytes());
        for (body, text) in
            [("not json", "expected ident at line 1 column 2"), ("", "EOF while parsing a value at line 1 column 0")]
        {
            let text = format!("processing failed: failed to parse response: {text}");
            assert_eq!(reordered_answer(body.as_bytes()).unwrap_err().text(), text);
        }
    }
}
