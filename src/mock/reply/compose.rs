//! From a wish and a script to what is said.

use super::{Call, Choice, Ending, Form, Said, Tool, Usage, Wish, instance};
use crate::exchange::{Reply, ToolCall, UsageOverride};
use crate::mock::answer::{Answer, tokens};
use serde_json::{Value, json};

impl Wish {
    /// What the assistant says: what the lane scripted, else what follows from the request.
    pub(in crate::mock) fn said(&self, reply: &Reply) -> Said {
        let calls = self.calls(reply);
        let limit = self.limit.unwrap_or(u64::MAX);
        let reasoning = Answer::to("", Some(reply.reasoning.as_deref().unwrap_or_default()), Some(limit));
        let left = limit - reasoning.cost();
        let refusal = Answer::to("", Some(reply.refusal.as_deref().unwrap_or_default()), Some(left));
        let (spoken, stop) = cut_at(self.text(reply, &calls).unwrap_or_default(), &self.stops);
        let text = Answer::to("", Some(&spoken), Some(left - refusal.cost()));
        let is_cut = reasoning.is_cut || refusal.is_cut || text.is_cut;
        let ending = match stop {
            _ if is_cut => Ending::Limit,
            Some(stop) => Ending::Stop(stop),
            None if !calls.is_empty() => Ending::Calls,
            None if reply.refusal.is_some() => Ending::Refusal,
            None => Ending::Done,
        };
        let spent = reasoning.cost() + refusal.cost() + text.cost() + calls.iter().map(cost).sum::<u64>();
        let usage =
            Usage { input: self.prompt, cached: 0, cache_written: 0, output: spent, reasoning: reasoning.cost() };
        Said {
            reasoning: reasoning.tokens,
            text: text.tokens,
            refusal: refusal.tokens,
            calls,
            citations: reply.citations.clone(),
            ending,
            finish: reply.finish_reason.clone(),
            usage: usage.overridden(reply.usage.as_ref()),
        }
    }

    fn calls(&self, reply: &Reply) -> Vec<Call> {
        let is_scripted = reply.text.is_some() || reply.refusal.is_some() || !reply.tool_calls.is_empty();
        let forced = match &self.choice {
            _ if is_scripted => None,
            Choice::Free => None,
            Choice::Any => self.tools.first(),
            Choice::Named(name) => self.tools.iter().find(|tool| tool.name == *name),
        };
        reply.tool_calls.iter().map(scripted).chain(forced.map(derived)).collect()
    }

    fn text(&self, reply: &Reply, calls: &[Call]) -> Option<String> {
        if reply.text.is_some() {
            return reply.text.clone();
        }
        if !calls.is_empty() || reply.refusal.is_some() {
            return None;
        }
        Some(match &self.form {
            Form::Text => Answer::to(&self.said, None, None).text(),
            Form::Json => json!({ "answer": Answer::to(&self.said, None, None).text() }).to_string(),
            Form::Schema(schema) => instance(schema).to_string(),
        })
    }
}

impl Usage {
    fn overridden(self, wanted: Option<&UsageOverride>) -> Self {
        let Some(wanted) = wanted else { return self };
        Self {
            input: wanted.input.unwrap_or(self.input),
            cached: wanted.cached.unwrap_or(self.cached),
            cache_written: wanted.cache_written.unwrap_or(self.cache_written),
            output: wanted.output.unwrap_or(self.output),
            reasoning: wanted.reasoning.unwrap_or(self.reasoning),
        }
    }
}

fn scripted(call: &ToolCall) -> Call {
    Call { id: call.id.clone(), name: call.name.clone(), arguments: call.arguments.clone() }
}

fn derived(tool: &Tool) -> Call {
    let arguments = match instance(&tool.schema) {
        Value::Object(arguments) => arguments,
        _ => serde_json::Map::new(),
    };
    Call { id: None, name: tool.name.clone(), arguments }
}

fn cost(call: &Call) -> u64 {
    (tokens(&call.name).len() + tokens(&call.arguments_text()).len()) as u64
}

/// The text up to the first of the stops in it, and that stop.
fn cut_at(mut text: String, stops: &[String]) -> (String, Option<String>) {
    let places = stops.iter().filter(|stop| !stop.is_empty()).filter_map(|stop| Some((text.find(stop)?, stop)));
    let Some((place, stop)) = places.min_by_key(|(place, _)| *place) else { return (text, None) };
    text.truncate(place);
    (text, Some(stop.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wish() -> Wish {
        let schema = json!({ "type": "object", "properties": { "city": { "type": "string" } } });
        let tools = vec![Tool { name: "weather".into(), schema }];
        Wish { said: "hello there".into(), tools, prompt: 3, ..Wish::default() }
    }

    #[test]
    fn a_stop_or_the_limit_ends_what_follows_from_the_request() {
        let said = Wish { stops: vec!["there".into(), "lo".into()], ..wish() }.said(&Reply::default());
        assert_eq!((said.text.concat().as_str(), said.ending), ("You said: hel", Ending::Stop("lo".into())));
        let said = Wish { limit: Some(2), ..wish() }.said(&Reply::default());
        assert_eq!((said.text.concat().as_str(), said.ending, said.usage.output), ("You said:", Ending::Limit, 2));
    }

    #[test]
    fn a_tool_is_called_when_it_has_to_be() {
        assert!(wish().said(&Reply::default()).calls.is_empty());
        let said = Wish { choice: Choice::Any, ..wish() }.said(&Reply::default());
        assert_eq!((said.calls[0].arguments_text().as_str(), said.ending), (r#"{"city":"text"}"#, Ending::Calls));
        assert!(said.text.is_empty());
        // After the tool the lane lets the assistant speak.
        let spoken = Reply { text: Some("Sunny.".into()), ..Reply::default() };
        assert!(Wish { choice: Choice::Any, ..wish() }.said(&spoken).calls.is_empty());
    }

    #[test]
    fn thoughts_count_and_numbers_can_be_overridden() {
        let reply: Reply = serde_yaml::from_str("{reasoning: a b c, text: d e, usage: {cached: 2}}").unwrap();
        let said = Wish { limit: Some(4), ..wish() }.said(&reply);
        assert_eq!((said.reasoning.len(), said.text.concat().as_str(), said.ending), (3, "d", Ending::Limit));
        assert_eq!((said.usage.output, said.usage.reasoning, said.usage.cached, said.usage.input), (4, 3, 2, 3));
    }
}
