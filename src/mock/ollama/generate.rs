//! Generations.

use super::ask::{Ask, Reply, figures, form, head, logprobs, thinks, told};
use super::chat::Outcome;
use super::decode::decode;
use super::models::{Model, absent};
use super::options::Options;
use super::refusal::Refusal;
use super::shapes::GENERATE;
use super::time::is_unload;
use crate::mock::answer::prompt_cost;
use crate::mock::cue::Cue;
use crate::mock::reply::Wish;
use serde_json::{Map, Value, json};

/// How many tokens the context of an answer has at most.
const LONGEST_CONTEXT: usize = 64;

/// Reads a request as strictly as the server; the flag tells whether the answer has a context.
pub(super) fn read(body: &[u8], cue: &Cue) -> Result<(Outcome, bool), Refusal> {
    let request = decode(&GENERATE, body, "missing request body")?;
    let unload = is_unload(&request["keep_alive"])?;
    if !request["think"].is_null() && !request["think"].is_boolean() {
        thinks(&request["think"], Model::find("qwen3").ok_or_else(|| absent("qwen3"))?, "")?;
    }
    let logprobs = logprobs(&request)?;
    let text = |name: &str| request[name].as_str().unwrap_or_default();
    let name = text("model");
    let model = Model::find(name).ok_or_else(|| absent(name))?;
    let loaded = |reason: &str| {
        let answer = json!({
            "model": name,
            "created_at": super::time::created_at(cue),
            "response": "",
            "done": true,
            "done_reason": reason,
        });
        Ok((Outcome::Loaded(answer), false))
    };
    if text("prompt").is_empty() && unload {
        return loaded("unload");
    }
    let is_raw = request["raw"].as_bool().unwrap_or(false);
    let has_context = request["context"].as_array().is_some_and(|context| !context.is_empty());
    if is_raw && (!text("template").is_empty() || !text("system").is_empty() || has_context) {
        return Err(Refusal::invalid("raw mode does not support template, system, or context"));
    }
    if !text("suffix").is_empty() {
        model.must("insert", "insert")?;
    }
    let thinks = thinks(&request["think"], model, name)?;
    if !model.capabilities.contains(&"completion") {
        return Err(Refusal::invalid(format!("{name:?} does not support generate")));
    }
    let options = Options::read(&request["options"], model)?;
    if text("prompt").is_empty() {
        return loaded("load");
    }
    let texts = [text("system"), text("prompt")].into_iter().filter(|text| !text.is_empty());
    let wish = Wish {
        said: text("prompt").to_owned(),
        limit: options.limit,
        stops: options.stops,
        form: form(&request["format"])?,
        prompt: prompt_cost(texts),
        ..Wish::default()
    };
    let ask = Ask { model: name.to_owned(), wish, thinks, logprobs };
    let is_stream = request["stream"].as_bool().unwrap_or(true);
    Ok((Outcome::Asked { ask: Box::new(ask), is_stream }, !is_raw))
}

/// The answer in one piece.
pub(super) fn whole(ask: &Ask, cue: &Cue, has_context: bool) -> Value {
    let reply = Reply::to(ask, cue);
    line(ask, cue, &reply.tokens, reply.thought.as_deref(), Some((&reply, has_context)))
}

/// The lines of a stream.
pub(super) fn lines(ask: &Ask, cue: &Cue, has_context: bool) -> Vec<Value> {
    let reply = Reply::to(ask, cue);
    let thought = reply.thought.as_deref().map(|thought| line(ask, cue, &[], Some(thought), None));
    let tokens = reply.tokens.iter().map(|token| line(ask, cue, std::slice::from_ref(token), None, None));
    let end = line(ask, cue, &[], None, Some((&reply, has_context)));
    thought.into_iter().chain(tokens).chain([end]).collect()
}

fn line(ask: &Ask, cue: &Cue, tokens: &[String], thought: Option<&str>, end: Option<(&Reply, bool)>) -> Value {
    let mut line: Map<String, Value> = head(ask, cue);
    let mut set = |name: &str, value: Value| line.insert(name.to_owned(), value);
    set("response", tokens.concat().into());
    if let Some(thought) = thought {
        set("thinking", thought.into());
    }
    set("done", end.is_some().into());
    if let Some((reply, has_context)) = end {
        set("done_reason", reply.reason.clone().into());
        if has_context {
            set("context", context(ask, reply));
        }
    }
    if let Some(top) = ask.logprobs.filter(|_| !tokens.is_empty()) {
        set("logprobs", told(tokens, top));
    }
    if let Some((reply, _)) = end {
        line.extend(figures(reply));
    }
    Value::Object(line)
}

/// The conversation in numbers, one for each character; clients send it back unread.
fn context(ask: &Ask, reply: &Reply) -> Value {
    let text = format!("{} {}", ask.wish.said, reply.tokens.concat());
    text.chars().take(LONGEST_CONTEXT).map(u32::from).collect()
}
