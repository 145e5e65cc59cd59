//! An answer of generateContent as a chat completion. Source: facts/conformance.md C.3 and C.8.

use super::contents::THOUGHT;
use crate::gateway::proxy::{
    llm::openai::completion::{Said, now},
    refusal::Refusal,
};
use serde_json::{Value, json};

/// The chat completion.
pub fn translate(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let answer: Value = serde_json::from_slice(body).map_err(|error| Refusal::unparsable_response(&error))?;
    let id = answer["responseId"].as_str().map_or_else(|| format!("vertex-gemini-{}", now()), str::to_owned);
    let candidates = answer["candidates"].as_array().map(Vec::as_slice).unwrap_or_default();
    let choices: Vec<Value> = match candidates {
        [] => {
            let finish = if is_blocked(&answer) { "content_filter" } else { "stop" };
            let said = Said { content: Some(String::new()), ..Said::default() };
            vec![json!({"message": said.message(), "index": 0, "finish_reason": finish})]
        }
        candidates => candidates.iter().enumerate().map(|(index, candidate)| choice(index, candidate, &id)).collect(),
    };
    let completion = json!({
        "model": answer["modelVersion"].as_str().unwrap_or_default(),
        "usage": answer.get("usageMetadata").map(usage),
        "choices": choices,
        "id": id,
        "created": now(),
        "object": "chat.completion",
    });
    Ok(completion.to_string().into_bytes())
}

/// Whether the prompt was refused, so that there is no answer.
pub fn is_blocked(answer: &Value) -> bool {
    answer.pointer("/promptFeedback/blockReason").is_some_and(Value::is_string)
}

fn choice(index: usize, candidate: &Value, id: &str) -> Value {
    let seed = if index == 0 { id.to_owned() } else { format!("{id}_{index}") };
    let Parts { text, thought, calls } = Parts::of(candidate);
    let calls: Vec<Value> = calls.iter().enumerate().map(|(index, call)| call.whole(&seed, index)).collect();
    let finish = finish_reason(candidate["finishReason"].as_str(), !calls.is_empty());
    let silent = text.is_empty() && (!calls.is_empty() || !thought.is_empty());
    let reasoning = Some(thought).filter(|thought| !thought.is_empty());
    let said = Said { content: (!silent).then_some(text), reasoning, calls };
    json!({"message": said.message(), "index": index, "finish_reason": finish})
}

/// What a candidate said.
#[derive(Debug, Default)]
pub struct Parts {
    /// Text.
    pub text: String,
    /// What it thought.
    pub thought: String,
    /// Functions that are to be called.
    pub calls: Vec<Called>,
}

/// A function that is to be called.
#[derive(Debug)]
pub struct Called {
    id: Option<String>,
    name: Value,
    arguments: String,
    signature: Option<String>,
}

impl Parts {
    /// Those of a candidate.
    pub fn of(candidate: &Value) -> Self {
        let mut found = Self::default();
        for part in candidate.pointer("/content/parts").and_then(Value::as_array).into_iter().flatten() {
            if let Some(text) = part["text"].as_str() {
                let into = if part["thought"] == true { &mut found.thought } else { &mut found.text };
                into.push_str(text);
            } else if let Some(call) = part.get("functionCall") {
                let arguments = call.get("args").map_or_else(|| "{}".to_owned(), Value::to_string);
                let text = |value: &Value| value.as_str().map(str::to_owned);
                let (id, signature) = (text(&call["id"]), text(&part["thoughtSignature"]));
                found.calls.push(Called { id, name: call["name"].clone(), arguments, signature });
            }
        }
        found
    }
}

impl Called {
    /// The call in OpenAI's words; its id carries the signature of the thought behind it.
    pub fn whole(&self, seed: &str, index: usize) -> Value {
        let mut id = self.id.clone().unwrap_or_else(|| format!("call_{seed}_{index}"));
        if let Some(signature) = self.signature.as_ref().filter(|signature| !signature.is_empty()) {
            id.push_str(THOUGHT);
            id.push_str(signature);
        }
        json!({"id": id, "type": "function", "function": {"name": self.name, "arguments": self.arguments}})
    }
}

/// Why an answer ended, in OpenAI's words.
pub fn finish_reason(reason: Option<&str>, has_calls: bool) -> &'static str {
    match reason {
        Some("MAX_TOKENS") => "length",
        Some(
            "SAFETY"
            | "RECITATION"
            | "LANGUAGE"
            | "BLOCKLIST"
            | "PROHIBITED_CONTENT"
            | "SPII"
            | "UNEXPECTED_TOOL_CALL"
            | "TOO_MANY_TOOL_CALLS"
            | "IMAGE_SAFETY"
            | "IMAGE_PROHIBITED_CONTENT"
            | "IMAGE_RECITATION",
        ) => "content_filter",
        _ if has_calls => "tool_calls",
        _ => "stop",
    }
}

/// Tokens in OpenAI's words.
pub fn usage(metadata: &Value) -> Value {
    let count = |name: &str| metadata[name].as_u64();
    let (input, output) =
        (count("promptTokenCount").unwrap_or_default(), count("candidatesTokenCount").unwrap_or_default());
    let total = count("totalTokenCount").unwrap_or(input + output);
    let mut usage = json!({"prompt_tokens": input, "completion_tokens": output, "total_tokens": total});
    if let Some(cached) = count("cachedContentTokenCount") {
        usage["prompt_tokens_details"] = json!({"cached_tokens": cached});
    }
    if let Some(thoughts) = count("thoughtsTokenCount") {
        usage["completion_tokens_details"] = json!({"reasoning_tokens": thoughts});
    }
    usage
}

#[cfg(test)]
mod tests {
    use super::*;

    fn translated(body: &Value) -> Value {
        serde_json::from_slice(&translate(body.to_string().as_bytes()).unwrap()).unwrap()
    }

    #[test]
    fn calls_are_told_although_google_only_stopped() {
        let answer =
            translated(&json!({"responseId": "r1", "modelVersion": "gemini-x", "candidates": [{"finishReason": "STOP",
            "content": {"role": "model", "parts": [{"functionCall": {"name": "temp", "args": {"city": "Ulm"}}}]}}],
            "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2, "totalTokenCount": 5}}));
        let choice = &answer["choices"][0];
        assert_eq!(choice["finish_reason"], "tool_calls");
        let call = json!({"id": "call_r1_0", "type": "function", "function": {"name": "temp", "arguments": "{\"city\":\"Ulm\"}"}});
        assert_eq!(choice["message"], json!({"role": "assistant", "tool_calls": [call]}));
        assert_eq!(answer["usage"]["total_tokens"], 5);
    }

    #[test]
    fn a_refused_prompt_is_filtered_content() {
        let answer = translated(&json!({"promptFeedback": {"blockReason": "SAFETY"}}));
        assert_eq!(answer["choices"][0]["finish_reason"], "content_filter");
        assert_eq!(finish_reason(Some("MAX_TOKENS"), true), "length");
    }
}
