//! Answers that come as streams, in the client's language.

use super::{
    anthropic, bedrock,
    format::Format,
    openai::{messages_stream, responses_answer::Writing},
    order::Order,
    release::Later,
    spent::Spent,
    stream::{Arrived, translated},
    usage, vertex,
};
use crate::gateway::{proxy::body::Body, table::LlmRoute};
use http::HeaderMap;

/// The stream that the client sees, and whether it is another than the provider's.
pub fn translate(order: &Order, headers: &HeaderMap, body: Body, later: Later, spent: Spent) -> (Body, bool) {
    let model = order.model.as_str();
    let body = match (order.format, order.route) {
        (Format::Chat, LlmRoute::Messages) => messages_stream::translate(body, spent),
        (Format::Converse, LlmRoute::Messages) => bedrock::messages_stream::translate(body, model, spent),
        (Format::Messages | Format::VertexMessages, LlmRoute::Completions) => {
            anthropic::chat_stream::translate(body, later.is_1_5(), spent)
        }
        (Format::Generate, _) => vertex::chat_stream::translate(body, order.model.clone(), spent),
        (Format::Converse, route) => {
            let chunks = bedrock::chat_stream::translate(body, model, &request_id(headers), later.is_1_5(), spent);
            if route == LlmRoute::Responses { as_response(chunks) } else { chunks }
        }
        (Format::Chat, LlmRoute::Responses) => as_response(usage::read_along(body, spent)),
        _ => return (usage::read_along(body, spent), false),
    };
    (body, true)
}

fn as_response(chunks: Body) -> Body {
    let mut writing = Writing::default();
    translated(chunks, move |arrived| match arrived {
        Arrived::Data(data) => serde_json::from_str(data).map(|chunk| writing.chunk(&chunk)).unwrap_or_default(),
        Arrived::Done => writing.end(),
        Arrived::End => String::new(),
    })
}

/// What AWS calls the request, or a random number.
fn request_id(headers: &HeaderMap) -> String {
    let told = headers.get("x-amzn-requestid").and_then(|value| value.to_str().ok());
    told.map_or_else(|| format!("{:016x}", rand::random::<u64>()), str::to_owned)
}
