//! Vertex AI upstream: generateContent, Claude's rawPredict, and predict for embeddings.

pub mod chat_answer;
pub mod chat_request;
pub mod chat_stream;
pub mod claude;
pub mod contents;
pub mod embeddings;
pub mod schema;
