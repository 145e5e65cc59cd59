//! Answers in one piece, in the client's language.

use super::{
    anthropic, bedrock,
    format::Format,
    openai::{chat, messages_answer, responses_answer},
    order::Order,
    vertex,
};
use crate::gateway::{proxy::refusal::Refusal, table::LlmRoute};
use http::HeaderMap;
use serde_json::Value;

/// The body that the client sees.
pub fn translated(order: &Order, headers: &HeaderMap, body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let model = order.model.as_str();
    let chat = match (order.format, order.route) {
        (Format::Chat, LlmRoute::Messages) => return messages_answer::translate(body),
        (Format::Converse, LlmRoute::Messages) => return bedrock::messages_answer::translate(body, model),
        (Format::Messages | Format::VertexMessages, LlmRoute::Messages) => return as_it_is(body),
        (Format::Predict, _) => return vertex::embeddings::answer(body, model),
        (Format::Invoke, _) => return bedrock::embeddings::answer(body, headers, model),
        (Format::BedrockTokenCount, _) => return bedrock::count::answer(body),
        (Format::Chat, _) => chat::reordered_answer(body)?,
        (Format::Messages | Format::VertexMessages, _) => anthropic::chat_answer::response(body)?,
        (Format::Generate, _) => vertex::chat_answer::translate(body)?,
        (Format::Converse, _) => bedrock::chat_answer::translate(body, model)?,
        _ => return as_it_is(body),
    };
    match order.route {
        LlmRoute::Responses => responses_answer::translate(&chat),
        _ => Ok(chat),
    }
}

/// The same JSON, written anew.
fn as_it_is(body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let value: Value = serde_json::from_slice(body).map_err(|error| Refusal::unparsable_response(&error))?;
    serde_json::to_vec(&value).map_err(|error| Refusal::unparsable_response(&error))
}
