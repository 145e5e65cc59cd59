//! What the assistant answers when the lane leaves it to him.

use crate::exchange::{Reply, ToolCall};
use crate::mock::cue::Cue;
use crate::mock::reply::{Choice, Wish, instance};
use serde_json::Value;

/// The reply that the lane wants. Without one the assistant calls every tool whose name stands in what the user said
/// last, unless the request wants one tool and no other. To be asked once a request.
pub(in crate::mock) fn scripted(cue: &Cue, wish: &Wish) -> Reply {
    let mut reply = cue.reply();
    let is_scripted = reply.text.is_some() || reply.refusal.is_some() || !reply.tool_calls.is_empty();
    if is_scripted || matches!(wish.choice, Choice::Named(_)) {
        return reply;
    }
    let named = wish.tools.iter().filter(|tool| !tool.name.is_empty() && wish.said.contains(&tool.name));
    reply.tool_calls = named
        .map(|tool| {
            let arguments = match instance(&tool.schema) {
                Value::Object(arguments) => arguments,
                _ => Default::default(),
            };
            ToolCall { name: tool.name.clone(), arguments, id: None }
        })
        .collect();
    reply
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mock::reply::Tool;
    use serde_json::json;

    #[test]
    fn tools_are_called_when_they_are_named() {
        let cue = Cue::default();
        let tool = |name: &str| Tool { name: name.into(), schema: json!({ "type": "object" }) };
        let names = |choice: Choice, said: &str| {
            let wish = Wish { said: said.into(), tools: vec![tool("alpha"), tool("beta")], choice, ..Wish::default() };
            wish.said(&scripted(&cue, &wish)).calls.into_iter().map(|call| call.name).collect::<Vec<_>>()
        };
        assert!(names(Choice::Free, "hello").is_empty());
        assert_eq!(names(Choice::Free, "use beta and alpha"), ["alpha", "beta"]);
        assert_eq!(names(Choice::Any, "hello"), ["alpha"]);
        assert_eq!(names(Choice::Named("beta".into()), "alpha"), ["beta"]);
    }
}
