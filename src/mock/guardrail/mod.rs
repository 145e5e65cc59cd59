//! The guardrail webhook that agentgateway calls with prompts and with answers.
//!
//! Its own rule is made of plain words: a text with `blocked content` is refused with 403, in every other one the word
//! `masking` becomes `****ing`. A lane may have other words, or another action. Source of the words and the shapes:
//! upstream's `controller/hack/testbox/llm.go` and `crates/agentgateway/src/llm/policy/webhook.rs`.

mod action;
mod content;
mod router;

pub(super) use router::{refuse, router};
