//! Completions, the elder API.

use super::check;
use super::completion::{FINGERPRINT, usage};
use super::parameters::{COMPLETION, Table};
use super::{Refusal, logprobs, models};
use crate::mock::answer::{Answer, prompt_cost};
use crate::mock::cue::Cue;
use crate::mock::reply::{Ending, Said, Wish};
use crate::wire::sse::SseEvent;
use serde_json::{Map, Value, json};

/// The tokens of an answer where the request says nothing.
const USUAL_LIMIT: u64 = 16;

/// What a client asks for.
pub(super) struct Completion {
    model: String,
    prompts: Vec<String>,
    limit: u64,
    stops: Vec<String>,
    choices: u64,
    echoes: bool,
    logprobs: Option<u64>,
    /// Whether it wants events.
    pub(super) is_stream: bool,
    wants_usage: bool,
}

/// An answer: one piece of text after another for each choice, and what all cost.
struct Choice {
    tokens: Vec<String>,
    finish: String,
}

impl Completion {
    /// Reads a request as strictly as the vendor.
    pub(super) fn read(request: &Map<String, Value>) -> Result<Self, Refusal> {
        check::parameters(&Table { parameters: COMPLETION, required: &["model", "prompt"] }, request)?;
        check::stream_options(request)?;
        let number = |name: &str| request.get(name).and_then(Value::as_u64);
        let choices = number("n").unwrap_or(1);
        if number("best_of").is_some_and(|best| best < choices) {
            let message = "You requested that the server return more choices than it will generate (HINT: you must \
                           set 'n' (currently {n}) to be at most 'best_of', or omit either parameter if you don't \
                           specifically want to use them.)";
            let message = message.replace("{n}", &choices.to_string());
            return Err(Refusal { code: None, ..Refusal::of_parameter("best_of", "", message) });
        }
        let model = request["model"].as_str().unwrap_or_default().to_owned();
        models::check(&model)?;
        let options = request.get("stream_options").and_then(Value::as_object);
        Ok(Self {
            model,
            prompts: prompts(&request["prompt"])?,
            limit: number("max_tokens").unwrap_or(USUAL_LIMIT),
            stops: check::stops(request.get("stop")),
            choices,
            echoes: check::flag(request.get("echo")),
            logprobs: number("logprobs"),
            is_stream: check::flag(request.get("stream")),
            wants_usage: check::flag(options.and_then(|options| options.get("include_usage"))),
        })
    }

    fn choices(&self, cue: &Cue) -> (Vec<Choice>, Value) {
        let reply = cue.reply();
        let mut total: Option<crate::mock::reply::Usage> = None;
        let mut all = Vec::new();
        for prompt in &self.prompts {
            let (limit, stops, said) = (Some(self.limit), self.stops.clone(), prompt.clone());
            let prompt_tokens = prompt_cost([prompt.as_str()]) - 1;
            let said = Wish { said, limit, stops, prompt: prompt_tokens, ..Wish::default() }.said(&reply);
            let total = total.get_or_insert(crate::mock::reply::Usage { input: 0, output: 0, ..said.usage });
            total.input += said.usage.input;
            total.output += said.usage.output * self.choices;
            for _ in 0..self.choices {
                all.push(self.choice(prompt, &said));
            }
        }
        (all, total.map_or(Value::Null, usage))
    }

    fn choice(&self, prompt: &str, said: &Said) -> Choice {
        let echo = if self.echoes { Answer::to("", Some(prompt), None).tokens } else { Vec::new() };
        let reason = if said.ending == Ending::Limit { "length" } else { "stop" };
        let tokens = echo.into_iter().chain(said.text.iter().cloned()).collect();
        Choice { tokens, finish: said.finish.clone().unwrap_or_else(|| reason.to_owned()) }
    }

    /// The answer in one piece.
    pub(super) fn body(&self, cue: &Cue) -> Value {
        let (choices, usage) = self.choices(cue);
        let choices = choices.iter().enumerate().map(|(index, choice)| {
            let finish = Some(choice.finish.as_str());
            self.shown(index, &choice.tokens.concat(), self.probabilities(&choice.tokens, 0), finish)
        });
        let mut body = self.head(cue, choices.collect());
        body["usage"] = usage;
        body
    }

    /// The answer in events.
    pub(super) fn events(&self, cue: &Cue) -> Vec<SseEvent> {
        let (choices, usage) = self.choices(cue);
        let mut events = Vec::new();
        let mut push = |choices: Vec<Value>, usage: Value| {
            let mut chunk = self.head(cue, choices);
            if self.wants_usage {
                chunk["usage"] = usage;
            }
            events.push(SseEvent::data(chunk.to_string()));
        };
        for (index, choice) in choices.iter().enumerate() {
            let mut offset = 0;
            for token in &choice.tokens {
                let probabilities = self.probabilities(std::slice::from_ref(token), offset);
                push(vec![self.shown(index, token, probabilities, None)], Value::Null);
                offset += token.chars().count();
            }
            push(vec![self.shown(index, "", Value::Null, Some(&choice.finish))], Value::Null);
        }
        if self.wants_usage {
            push(Vec::new(), usage);
        }
        events.push(SseEvent::data("[DONE]"));
        events
    }

    fn head(&self, cue: &Cue, choices: Vec<Value>) -> Value {
        json!({
            "id": cue.seed.id("cmpl-"),
            "object": "text_completion",
            "created": cue.seed.created(),
            "model": self.model,
            "choices": choices,
            "system_fingerprint": FINGERPRINT,
        })
    }

    fn shown(&self, index: usize, text: &str, logprobs: Value, finish: Option<&str>) -> Value {
        json!({ "text": text, "index": index, "logprobs": logprobs, "finish_reason": finish })
    }

    fn probabilities(&self, tokens: &[String], start: usize) -> Value {
        let Some(alternatives) = self.logprobs else { return Value::Null };
        let mut offset = start;
        let mut offsets = Vec::with_capacity(tokens.len());
        for token in tokens {
            offsets.push(offset);
            offset += token.chars().count();
        }
        let logprob = |token: &String| logprobs::of_token(token);
        let top = |token: &String| -> Value {
            let entries = logprobs::entries(alternatives, std::slice::from_ref(token));
            let all = entries[0]["top_logprobs"].as_array().cloned().unwrap_or_default();
            all.into_iter()
                .map(|one| (one["token"].as_str().unwrap_or_default().to_owned(), one["logprob"].clone()))
                .collect()
        };
        json!({
            "tokens": tokens,
            "token_logprobs": tokens.iter().map(logprob).collect::<Vec<_>>(),
            "top_logprobs": tokens.iter().map(top).collect::<Vec<_>>(),
            "text_offset": offsets,
        })
    }
}

fn prompts(given: &Value) -> Result<Vec<String>, Refusal> {
    match given {
        Value::String(prompt) => Ok(vec![prompt.clone()]),
        // A list of tokens, whose words nobody knows.
        Value::Array(all) if !all.is_empty() && all.iter().all(Value::is_u64) => Ok(vec!["token ".repeat(all.len())]),
        Value::Array(all) if !all.is_empty() => all.iter().enumerate().map(prompt).collect(),
        _ => {
            let message = "Invalid type for 'prompt': expected a prompt, but got an empty array instead.";
            Err(Refusal::of_parameter("prompt", "invalid_type", message))
        }
    }
}

/// One of several prompts: a text, or a list of tokens.
fn prompt((index, given): (usize, &Value)) -> Result<String, Refusal> {
    match given {
        Value::String(prompt) => Ok(prompt.clone()),
        Value::Array(tokens) if tokens.iter().all(Value::is_u64) => Ok("token ".repeat(tokens.len())),
        other => Err(check::wrong_type(&format!("prompt[{index}]"), "a string", other)),
    }
}
