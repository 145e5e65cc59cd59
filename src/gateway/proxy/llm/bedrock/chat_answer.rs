//! An answer of converse as a chat completion. Source: facts/proxy.md 3.3.

use super::converse::{Answer, Usage, thought};
use crate::gateway::proxy::{
    llm::openai::completion::{Said, tool_call, whole},
    refusal::Refusal,
};

/// The chat completion, under the model that was asked for.
pub fn translate(body: &[u8], model: &str) -> Result<Vec<u8>, Refusal> {
    let answer = Answer::parse(body)?;
    let mut said = Said::default();
    for block in answer.blocks()? {
        if let Some(text) = block["text"].as_str() {
            said.content.get_or_insert_default().push_str(text);
        } else if let Some(call) = block.get("toolUse") {
            said.calls.push(tool_call(&call["toolUseId"], &call["name"], &call["input"]));
        } else if let Some((text, _)) = thought(block) {
            said.reasoning = Some(text.to_owned());
        }
    }
    let id = format!("bedrock-{}", jiff::Timestamp::now().as_millisecond());
    let usage = answer.usage.map_or_else(|| Usage::default().to_chat(), Usage::to_chat);
    Ok(whole(&id, model, said.message(), Some(answer.stop_reason.finish_reason()), usage))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn answer(stop: &str) -> String {
        json!({"output": {"message": {"role": "assistant", "content": [
                {"text": "warm"}, {"toolUse": {"toolUseId": "t", "name": "n", "input": {"a": 1}}}]}},
            "stopReason": stop, "usage": {"inputTokens": 3, "outputTokens": 2, "totalTokens": 5}})
        .to_string()
    }

    #[test]
    fn blocks_become_text_and_calls() {
        let completion: Value =
            serde_json::from_slice(&translate(answer("tool_use").as_bytes(), "m").unwrap()).unwrap();
        let choice = &completion["choices"][0];
        assert_eq!((&choice["message"]["content"], &choice["finish_reason"]), (&json!("warm"), &json!("tool_calls")));
        assert_eq!(choice["message"]["tool_calls"][0]["function"]["arguments"], "{\"a\":1}");
        assert!(completion["id"].as_str().unwrap().starts_with("bedrock-"));
        assert_eq!(completion["usage"], json!({"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}));
    }

    #[test]
    fn a_word_that_is_in_no_list_is_no_answer() {
        let refusal = translate(answer("malformed_tool_use").as_bytes(), "m").unwrap_err();
        assert!(
            refusal
                .text()
                .starts_with("processing failed: failed to parse response: unknown variant `malformed_tool_use`")
        );
    }
}
