//! Amazon Bedrock upstream: converse, its stream of frames, invoke for embeddings, signatures.

pub mod chat_answer;
pub mod chat_request;
pub mod chat_stream;
pub mod converse;
pub mod count;
pub mod embeddings;
pub mod frames;
pub mod messages_answer;
pub mod messages_stream;
pub mod sign;
