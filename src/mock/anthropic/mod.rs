//! Anthropic: messages, their tokens, and models.
//!
//! A key is good when it begins with `sk-` and does not contain `invalid`; it comes as `x-api-key` or,
//! as an OAuth token does and as newer SDKs send keys too, as bearer. Every model name is accepted, except names that begin with `no-such-model`.

mod blocks;
mod content;
mod events;
mod fields;
mod headers;
mod message;
mod models;
mod refusal;
mod request;
mod router;
mod thinking;
mod tools;

pub(super) use refusal::refuse;
pub(super) use router::{answer, router};
