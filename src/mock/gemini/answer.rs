//! What the model says, and what it costs.

use super::request::Ask;
use crate::exchange::Citation;
use crate::mock::cue::Cue;
use crate::mock::invent::{bracketed, scripted};
use crate::mock::reply::{Ending, Said, Usage};
use serde_json::{Value, json};

/// Why a model may end, beside `STOP` and `MAX_TOKENS`.
const FINISHES: &[&str] = &[
    "SAFETY",
    "RECITATION",
    "LANGUAGE",
    "OTHER",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "SPII",
    "MALFORMED_FUNCTION_CALL",
    "IMAGE_SAFETY",
    "UNEXPECTED_TOOL_CALL",
    "TOO_MANY_TOOL_CALLS",
    "IMAGE_PROHIBITED_CONTENT",
    "NO_IMAGE",
    "IMAGE_RECITATION",
    "IMAGE_OTHER",
    "MISSING_THOUGHT_SIGNATURE",
    "MALFORMED_RESPONSE",
];
/// Why a prompt may be blocked.
const BLOCKS: &[&str] = &["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY"];
const THOUGHT: &str = "The user wants an answer.";

/// What the model says.
pub(super) struct Reply<'a> {
    ask: &'a Ask,
    id: String,
    /// The parts in the order of a stream; texts are split into tokens.
    pub(super) parts: Vec<Value>,
    pub(super) finish: String,
    pub(super) blocked: Option<&'static str>,
    citations: Vec<Citation>,
    usage: Usage,
}

impl<'a> Reply<'a> {
    /// The reply to a request.
    pub(super) fn to(ask: &'a Ask, cue: &Cue) -> Self {
        let wished = |key, words: &[&'static str]| {
            bracketed(&ask.wish.said, key).and_then(|wished| words.iter().find(|word| **word == wished).copied())
        };
        let (finish, blocked) = (wished("finish", FINISHES), wished("block", BLOCKS));
        let mut script = scripted(cue, &ask.wish);
        if finish.is_some() || blocked.is_some() {
            script = crate::exchange::Reply { text: Some(String::new()), ..Default::default() };
        }
        if ask.config.shows_thoughts && script.reasoning.is_none() {
            script.reasoning = Some(THOUGHT.to_owned());
        }
        let said = ask.wish.said(&script);
        let ending = if said.ending == Ending::Limit { "MAX_TOKENS" } else { "STOP" };
        let finish = said.finish.clone().unwrap_or_else(|| finish.unwrap_or(ending).to_owned());
        let id = cue.seed.id("");
        Self { ask, id, parts: parts(ask, &said), finish, blocked, citations: said.citations, usage: said.usage }
    }

    /// The answer in one piece.
    pub(super) fn whole(&self) -> Value {
        let candidates = (0..self.ask.config.candidates).map(|index| {
            let mut candidate = self.candidate(index, &joined(&self.parts));
            self.end(&mut candidate);
            if let Some(top) = self.ask.config.logprobs {
                add_logprobs(&mut candidate, &self.parts, top);
            }
            candidate
        });
        self.body(candidates.collect(), self.cost())
    }

    /// One candidate of one chunk.
    pub(super) fn candidate(&self, index: u64, parts: &[Value]) -> Value {
        match parts {
            [] if self.finish != "STOP" && self.finish != "MAX_TOKENS" => json!({ "index": index }),
            [] => json!({ "content": { "role": "model" }, "index": index }),
            parts => json!({ "content": { "parts": parts, "role": "model" }, "index": index }),
        }
    }

    /// A response around candidates, after so many tokens.
    pub(super) fn body(&self, candidates: Vec<Value>, cost: u64) -> Value {
        let mut body = match self.blocked {
            Some(reason) => json!({ "promptFeedback": { "blockReason": reason } }),
            None => json!({ "candidates": candidates }),
        };
        body["usageMetadata"] = self.usage(cost);
        body["modelVersion"] = self.ask.model.clone().into();
        body["responseId"] = self.id.clone().into();
        body
    }

    /// Tells why a candidate ended, and what it is founded on.
    pub(super) fn end(&self, candidate: &mut Value) {
        candidate["finishReason"] = self.finish.clone().into();
        if !self.citations.is_empty() {
            let source = |citation: &Citation| json!({ "title": citation.title, "uri": citation.url });
            let sources: Vec<Value> = self.citations.iter().map(source).collect();
            candidate["citationMetadata"] = json!({ "citationSources": sources });
        }
    }

    fn usage(&self, cost: u64) -> Value {
        let Usage { input, cached, reasoning, .. } = self.usage;
        let cost = cost * self.ask.config.candidates;
        let mut usage = json!({ "promptTokenCount": input });
        if cached > 0 {
            usage["cachedContentTokenCount"] = cached.into();
        }
        if cost > 0 {
            usage["candidatesTokenCount"] = cost.into();
        }
        usage["totalTokenCount"] = (input + cost + reasoning).into();
        usage["promptTokensDetails"] = json!([{ "modality": "TEXT", "tokenCount": input }]);
        if reasoning > 0 {
            usage["thoughtsTokenCount"] = reasoning.into();
        }
        usage
    }

    /// What the whole reply costs without its thoughts.
    pub(super) fn cost(&self) -> u64 {
        self.usage.output.saturating_sub(self.usage.reasoning)
    }
}

fn parts(ask: &Ask, said: &Said) -> Vec<Value> {
    let thoughts = said.reasoning.iter().filter(|_| ask.config.shows_thoughts);
    let thoughts = thoughts.map(|token| json!({ "text": token, "thought": true }));
    let texts = said.refusal.iter().chain(&said.text).map(|token| json!({ "text": token }));
    let calls = said.calls.iter().map(|call| {
        let mut function = json!({ "name": call.name, "args": call.arguments });
        if let Some(id) = &call.id {
            function["id"] = id.clone().into();
        }
        json!({ "functionCall": function })
    });
    thoughts.chain(texts).chain(calls).collect()
}

/// The parts with neighbouring texts of one kind joined.
fn joined(parts: &[Value]) -> Vec<Value> {
    let mut joined: Vec<Value> = Vec::new();
    for part in parts {
        let last = joined.last_mut().filter(|last| last["text"].is_string() && last["thought"] == part["thought"]);
        match (last, part["text"].as_str()) {
            (Some(last), Some(text)) => last["text"] = format!("{}{text}", last["text"].as_str().unwrap_or("")).into(),
            _ => joined.push(part.clone()),
        }
    }
    joined
}

fn add_logprobs(candidate: &mut Value, parts: &[Value], top: u64) {
    let tokens = parts.iter().filter(|part| part["thought"] != true).filter_map(|part| part["text"].as_str());
    let chosen: Vec<Value> =
        tokens.map(|token| json!({ "token": token, "tokenId": token.len(), "logProbability": -0.1 })).collect();
    let tops: Vec<Value> = match top {
        0 => vec![],
        _ => chosen.iter().map(|token| json!({ "candidates": [token] })).collect(),
    };
    candidate["avgLogprobs"] = json!(-0.1);
    candidate["logprobsResult"] = json!({ "topCandidates": tops, "chosenCandidates": chosen });
}
