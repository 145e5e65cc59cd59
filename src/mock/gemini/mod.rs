//! Gemini: generation, streams in both forms, token counts, embeddings, models, and the OpenAI-compatible paths.
//!
//! A key is good when it is not empty and does not contain `invalid`; it comes as `x-goog-api-key` or `?key=`, on the
//! compatible paths as bearer. Every model name is accepted, except names that begin with `no-such-model`.
//! `[[finish: REASON]]` in what the user says ends the answer for that reason, `[[block: REASON]]` blocks the prompt.

mod answer;
mod chunks;
mod compatible;
mod config;
mod contents;
mod embed;
mod key;
mod models;
mod read;
mod refusal;
mod request;
mod router;
mod shapes;

pub(super) use chunks::{Form, stream};
pub(super) use compatible::forward;
pub(super) use embed::{embedding, values};
pub(super) use read::{Dialect, read};
pub(super) use refusal::{Refusal, google_json, refuse};
pub(super) use request::Ask;
pub(super) use router::router;
