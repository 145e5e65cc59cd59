//! Where people and models speak in requests and answers, in all of the clients' languages.

use serde_json::Value;

/// Shows every text of a request: messages, system prompts, input, instructions.
pub fn of_request(body: &mut Value, show: &mut dyn FnMut(&mut String)) {
    for field in ["system", "instructions", "prompt", "input"] {
        if let Some(value) = body.get_mut(field) {
            content(value, show);
        }
    }
    for message in body.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(value) = message.get_mut("content") {
            content(value, show);
        }
    }
}

/// Shows every text of an answer: choices of a chat, blocks of a message, output items.
pub fn of_answer(body: &mut Value, show: &mut dyn FnMut(&mut String)) {
    for choice in body.get_mut("choices").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(value) = choice.pointer_mut("/message/content") {
            content(value, show);
        }
    }
    for field in ["content", "output"] {
        if let Some(value) = body.get_mut(field) {
            content(value, show);
        }
    }
}

/// A text, or parts that have one.
fn content(value: &mut Value, show: &mut dyn FnMut(&mut String)) {
    match value {
        Value::String(text) => show(text),
        Value::Array(parts) => parts.iter_mut().for_each(|part| content(part, show)),
        Value::Object(fields) => {
            for field in ["text", "content"] {
                if let Some(value) = fields.get_mut(field) {
                    content(value, show);
                }
            }
        }
        _ => {}
    }
}

/// The text that an event of a stream adds.
pub fn of_event(data: &Value) -> Option<&str> {
    let places = ["/choices/0/delta/content", "/delta/text", "/delta"];
    places.iter().find_map(|place| data.pointer(place)?.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    type Walk = fn(&mut Value, &mut dyn FnMut(&mut String));

    #[test]
    fn every_text_is_shown_and_nothing_else() {
        let seen = |mut body: Value, walk: Walk| {
            let mut seen = Vec::new();
            walk(&mut body, &mut |text| seen.push(text.clone()));
            seen
        };
        let request = json!({
            "model": "no",
            "system": [{"type": "text", "text": "a"}],
            "messages": [{"role": "no", "content": "b"}, {"role": "no", "content": [{"type": "no", "text": "c"}]}],
            "input": [{"type": "message", "content": [{"type": "input_text", "text": "d"}]}],
        });
        assert_eq!(seen(request, of_request), ["a", "d", "b", "c"]);
        let chat = json!({"choices": [{"message": {"role": "no", "content": "a"}}]});
        assert_eq!(seen(chat, of_answer), ["a"]);
        let message = json!({"role": "no", "content": [{"type": "text", "text": "b"}]});
        assert_eq!(seen(message, of_answer), ["b"]);
        assert_eq!(of_event(&json!({"choices": [{"delta": {"content": "x"}}]})), Some("x"));
        assert_eq!(of_event(&json!({"type": "content_block_delta", "delta": {"text": "y"}})), Some("y"));
    }
}
