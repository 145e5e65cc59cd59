//! LLM backends: a request in the client's language in, the provider's language upstream, the client's language back.
//! Source: facts/proxy.md 3.

mod answer;
mod anthropic;
mod ask;
mod bedrock;
mod bend;
mod coding;
mod count;
mod credential;
mod failure;
mod format;
mod openai;
mod order;
mod release;
mod serve;
mod spent;
mod stream;
mod streamed;
mod target;
mod usage;
mod vertex;

pub use serve::serve;
