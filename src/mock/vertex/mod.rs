//! Vertex AI: Gemini and Claude under their publishers, embeddings, and the OpenAI-compatible path.
//!
//! Every request has to bring an OAuth access token as bearer; it is good when it does not contain `invalid`. Projects
//! and locations are taken as they come. Models and wishes are those of the Gemini and Anthropic mocks.

mod claude;
mod predict;
mod router;
mod token;

pub(super) use super::gemini::refuse;
pub(super) use router::router;
