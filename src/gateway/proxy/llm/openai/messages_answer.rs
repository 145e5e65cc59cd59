//! A chat completion as a message of Anthropic. Source: facts/conformance.md C.8 and B.0 surprises 4 and 5.

use crate::gateway::proxy::refusal::Refusal;
use serde::Deserialize;
use serde_json::{Value, json};

/// A chat completion, as far as it is translated.
#[derive(Deserialize)]
struct Completion {
    id: String,
    choices: Vec<Choice>,
    model: String,
    usage: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    message: Spoken,
    finish_reason: Option<FinishReason>,
}

#[derive(Deserialize)]
struct Spoken {
    content: Option<String>,
    tool_calls: Option<Vec<Value>>,
}

/// Why an answer ended. The list is closed, as in the real gateway: other words are no answer at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The model had said it all.
    Stop,
    /// It was long enough.
    Length,
    /// Tools are to be called.
    ToolCalls,
    /// A filter stepped in.
    ContentFilter,
    /// A function is to be called, in the old word.
    FunctionCall,
}

impl FinishReason {
    /// The same in Anthropic's words; `filtered` is what a filter's word becomes, which differs between whole answers and
    /// streams.
    pub fn stop_reason(self, filtered: &'static str) -> &'static str {
        match self {
            Self::Stop => "end_turn",
            Self::Length => "max_tokens",
            Self::ToolCalls | Self::FunctionCall => "tool_use",
            Self::ContentFilter => filtered,
        }
    }
}

/// The message.
pub fn translate(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let completion: Completion = serde_json::from_slice(body).map_err(|error| Refusal::unparsable_response(&error))?;
    let choice = completion.choices.into_iter().next();
    let choice = choice.ok_or_else(|| Refusal::Processing("invalid response: chat response missing choices".into()))?;
    let mut content = Vec::new();
    content.extend(choice.message.content.map(|text| json!({"type": "text", "text": text})));
    content.extend(choice.message.tool_calls.iter().flatten().filter_map(tool_use));
    let stop = choice.finish_reason.map_or("end_turn", |reason| reason.stop_reason("end_turn"));
    let message = json!({
        "id": completion.id,
        "type": "message",
        "role": "assistant",
        "content": content,
        "model": completion.model,
        "stop_reason": stop,
        "stop_sequence": null,
        "usage": usage(completion.usage.as_ref()),
    });
    Ok(message.to_string().into_bytes())
}

fn tool_use(call: &Value) -> Option<Value> {
    let function = call.get("function")?;
    let input: Value = serde_json::from_str(function["arguments"].as_str()?).unwrap_or_default();
    Some(json!({"type": "tool_use", "id": call["id"], "name": function["name"], "input": input}))
}

/// Tokens in Anthropic's words: those of a cache are counted apart.
pub fn usage(usage: Option<&Value>) -> Value {
    let count = |path: &str| usage.and_then(|usage| usage.pointer(path)?.as_u64());
    let written = count("/prompt_tokens_details/cache_write_tokens").or_else(|| count("/cache_creation_input_tokens"));
    let read = count("/prompt_tokens_details/cached_tokens").or_else(|| count("/cache_read_input_tokens"));
    let input = count("/prompt_tokens").unwrap_or_default();
    let input = input.saturating_sub(written.unwrap_or_default()).saturating_sub(read.unwrap_or_default());
    let mut told = json!({"input_tokens": input, "output_tokens": count("/completion_tokens").unwrap_or_default()});
    for (field, count) in [("cache_creation_input_tokens", written), ("cache_read_input_tokens", read)] {
        if let Some(count) = count {
            told[field] = count.into();
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn completion(finish: &str) -> String {
        json!({"id": "chatcmpl-1", "model": "m", "choices": [{"index": 0, "finish_reason": finish,
            "message": {"role": "assistant", "content": "x", "tool_calls": [
                {"id": "c", "type": "function", "function": {"name": "n", "arguments": "{\"a\":1}"}}]}}],
            "usage": {"prompt_tokens": 11, "completion_tokens": 4, "prompt_tokens_details": {"cached_tokens": 3}}})
        .to_string()
    }

    #[test]
    fn a_completion_becomes_a_message() {
        let message: Value = serde_json::from_slice(&translate(completion("length").as_bytes()).unwrap()).unwrap();
        let expected = json!({"id": "chatcmpl-1", "type": "message", "role": "assistant", "content": [
            {"type": "text", "text": "x"}, {"type": "tool_use", "id": "c", "name": "n", "input": {"a": 1}}],
            "model": "m", "stop_reason": "max_tokens", "stop_sequence": null,
            "usage": {"input_tokens": 8, "output_tokens": 4, "cache_read_input_tokens": 3}});
        assert_eq!(message, expected);
    }

    #[test]
    fn a_word_that_is_in_no_list_is_no_answer() {
        let refusal = translate(completion("tired").as_bytes()).unwrap_err().text().into_owned();
        let text = "processing failed: failed to parse response: unknown variant `tired`, expected one of `stop`, `length`, \
                    `tool_calls`, `content_filter`, `function_call` at line 1 column ";
        assert!(refusal.starts_with(text), "{refusal}");
    }
}
