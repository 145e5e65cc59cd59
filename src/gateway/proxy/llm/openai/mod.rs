//! OpenAI's languages upstream, and what others are translated to.

pub mod chat;
pub mod completion;
pub mod embeddings;
pub mod messages_answer;
pub mod messages_request;
pub mod messages_stream;
pub mod responses;
pub mod responses_answer;
