//! Anthropic's Messages upstream.

pub mod chat_answer;
pub mod chat_request;
pub mod chat_stream;
pub mod messages;
