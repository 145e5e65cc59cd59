//! Chats.

use super::ask::{Ask, Reply, figures, form, head, logprobs, thinks, told};
use super::decode::decode;
use super::models::{Model, absent, is_name};
use super::options::Options;
use super::refusal::Refusal;
use super::shapes::CHAT;
use super::time::is_unload;
use crate::mock::answer::prompt_cost;
use crate::mock::cue::Cue;
use crate::mock::reply::{Call, Choice, Tool, Wish};
use serde_json::{Map, Value, json};

/// What a request for a chat comes to.
pub(super) enum Outcome {
    /// A model is only loaded or unloaded.
    Loaded(Value),
    /// An answer.
    Asked { ask: Box<Ask>, is_stream: bool },
}

/// Reads a request as strictly as the server.
pub(super) fn read(body: &[u8], cue: &Cue) -> Result<Outcome, Refusal> {
    understand(&decode(&CHAT, body, "missing request body")?, cue)
}

/// A request whose fields have the right types.
pub(super) fn understand(request: &Value, cue: &Cue) -> Result<Outcome, Refusal> {
    let unload = is_unload(&request["keep_alive"])?;
    // A value for `think` that cannot be is found by the decoder, before anything is known about the model.
    if !request["think"].is_null() && !request["think"].is_boolean() {
        thinks(&request["think"], Model::find("qwen3").ok_or_else(|| absent("qwen3"))?, "")?;
    }
    let logprobs = logprobs(request)?;
    let name = request["model"].as_str().unwrap_or_default();
    if !is_name(name) {
        return Err(Refusal::invalid("model is required"));
    }
    let model = Model::find(name).ok_or_else(|| absent(name))?;
    let messages = request["messages"].as_array().map_or(&[][..], Vec::as_slice);
    let loaded = |reason: &str| {
        let mut answer = json!({ "model": name, "created_at": super::time::created_at(cue) });
        answer["message"] = json!({ "role": "assistant", "content": "" });
        answer["done"] = true.into();
        answer["done_reason"] = reason.into();
        Ok(Outcome::Loaded(answer))
    };
    if messages.is_empty() && unload {
        return loaded("unload");
    }
    let thinks = thinks(&request["think"], model, name)?;
    if !model.capabilities.contains(&"completion") {
        return Err(Refusal::invalid(format!("{name:?} does not support chat")));
    }
    let tools = tools(&request["tools"]);
    if !tools.is_empty() {
        model.must("tools", "tools")?;
    }
    let options = Options::read(&request["options"], model)?;
    if messages.is_empty() {
        return loaded("load");
    }
    let texts = messages.iter().map(|message| message["content"].as_str().unwrap_or_default());
    let last = messages.last().filter(|message| message["role"] != "tool" && message["role"] != "assistant");
    let wish = Wish {
        said: last.and_then(|message| message["content"].as_str()).unwrap_or_default().to_owned(),
        limit: options.limit,
        stops: options.stops,
        tools,
        choice: Choice::Free,
        form: form(&request["format"])?,
        prompt: prompt_cost(texts),
    };
    let ask = Ask { model: name.to_owned(), wish, thinks, logprobs };
    Ok(Outcome::Asked { ask: Box::new(ask), is_stream: request["stream"].as_bool().unwrap_or(true) })
}

fn tools(tools: &Value) -> Vec<Tool> {
    let functions = tools.as_array().into_iter().flatten().map(|tool| &tool["function"]);
    let tool = |function: &Value| Tool {
        name: function["name"].as_str().unwrap_or_default().to_owned(),
        schema: function["parameters"].clone(),
    };
    functions.map(tool).collect()
}

/// The answer in one piece.
pub(super) fn whole(ask: &Ask, cue: &Cue) -> Value {
    let reply = Reply::to(ask, cue);
    let mut message = json!({ "role": "assistant", "content": reply.tokens.concat() });
    if let Some(thought) = &reply.thought {
        message["thinking"] = thought.clone().into();
    }
    if !reply.calls.is_empty() {
        message["tool_calls"] = calls(&reply, cue);
    }
    let probabilities = ask.logprobs.map(|top| told(&reply.tokens, top));
    line(ask, cue, message, Some(&reply), probabilities)
}

/// The lines of a stream.
pub(super) fn lines(ask: &Ask, cue: &Cue) -> Vec<Value> {
    let reply = Reply::to(ask, cue);
    let said = |text: &str| json!({ "role": "assistant", "content": text });
    let mut lines = Vec::new();
    if let Some(thought) = &reply.thought {
        let mut message = said("");
        message["thinking"] = thought.clone().into();
        lines.push(line(ask, cue, message, None, None));
    }
    for token in &reply.tokens {
        let probabilities = ask.logprobs.map(|top| told(std::slice::from_ref(token), top));
        lines.push(line(ask, cue, said(token), None, probabilities));
    }
    if !reply.calls.is_empty() {
        let mut message = said("");
        message["tool_calls"] = calls(&reply, cue);
        lines.push(line(ask, cue, message, None, None));
    }
    lines.push(line(ask, cue, said(""), Some(&reply), None));
    lines
}

fn calls(reply: &Reply, cue: &Cue) -> Value {
    let call = |(index, call): (usize, &Call)| {
        let function = json!({ "index": index, "name": call.name, "arguments": call.arguments });
        let id = call.id.clone().unwrap_or_else(|| cue.seed.nth_id("call_", index));
        json!({ "id": id, "function": function })
    };
    reply.calls.iter().enumerate().map(call).collect()
}

/// A line; the last one has the reply's end.
fn line(ask: &Ask, cue: &Cue, message: Value, end: Option<&Reply>, probabilities: Option<Value>) -> Value {
    let mut line: Map<String, Value> = head(ask, cue);
    line.insert("message".to_owned(), message);
    line.insert("done".to_owned(), end.is_some().into());
    if let Some(reply) = end {
        line.insert("done_reason".to_owned(), reply.reason.clone().into());
    }
    if let Some(probabilities) = probabilities {
        line.insert("logprobs".to_owned(), probabilities);
    }
    if let Some(reply) = end {
        line.extend(figures(reply));
    }
    Value::Object(line)
}
