//! LLM backends: a chat completion in, the provider's language upstream, a chat completion back.
//! Source: facts/proxy.md 3.

mod anthropic;
mod anthropic_stream;
mod chat;
mod credential;
mod failure;
mod serve;
mod target;

pub use serve::serve;
