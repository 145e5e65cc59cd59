//! Ollama: chat, generation and embeddings in NDJSON, the models, and the OpenAI-compatible paths.
//!
//! There are the models `tiny` (text only), `llama3.2` (with tools), `qwen3` (with tools and thoughts) and
//! `nomic-embed-text`; all are always loaded. No key is asked for.

mod ask;
mod chat;
mod compatible;
mod decode;
mod embed;
mod events;
mod generate;
mod models;
mod options;
mod refusal;
mod router;
mod shapes;
mod show;
mod time;

pub(super) use refusal::refuse;
pub(super) use router::router;
