//! OpenAI: chat completions, responses, embeddings, legacy completions and models.
//!
//! A key is good when it begins with `sk-` and does not contain `invalid`. Every model name is accepted, except names
//! that begin with `no-such-model`; the list of models names a few.

mod chat;
mod check;
mod chunks;
mod completion;
mod embeddings;
mod format;
mod inner;
mod key;
mod legacy;
mod logprobs;
mod messages;
mod model_rules;
mod models;
mod parameters;
mod parts;
mod refusal;
mod responses;
mod router;
mod tools;

pub(super) use chat::Chat;
pub(super) use check::object;
pub(super) use models::list as list_models;
pub(super) use refusal::{Refusal, refuse};
pub(super) use responses::{ResponseRequest, respond};
pub(super) use router::{complete, complete_text, embed, router};
