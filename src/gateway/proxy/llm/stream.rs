//! Streams of events in another language, event by event.

use crate::gateway::proxy::{body::Body, events};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde_json::Value;

/// What arrives in a stream of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arrived<'a> {
    /// The data of an event.
    Data(&'a str),
    /// `[DONE]`.
    Done,
    /// The end of a stream that was not cut.
    End,
}

/// The last event of OpenAI's streams.
pub const DONE: &str = "data: [DONE]\n\n";

/// An event without a name.
pub fn unnamed(data: &Value) -> String {
    format!("data: {data}\n\n")
}

/// An event with a name.
pub fn named(name: &str, data: &Value) -> String {
    format!("event: {name}\ndata: {data}\n\n")
}

/// The stream that a translator makes of one; what it makes of an event goes out before the next one comes.
pub fn translated(body: Body, translator: impl FnMut(Arrived<'_>) -> String + Send + 'static) -> Body {
    let events = Box::pin(events::events(body));
    let pieces = stream::try_unfold(Some((events, translator)), |state| async move {
        let Some((mut events, mut translator)) = state else { return Ok(None) };
        while let Some(event) = events.next().await.transpose()? {
            let Some(data) = events::data(&event) else { continue };
            let arrived = if data == "[DONE]" { Arrived::Done } else { Arrived::Data(&data) };
            let text = translator(arrived);
            if !text.is_empty() {
                return Ok(Some((Bytes::from(text), Some((events, translator)))));
            }
        }
        let text = translator(Arrived::End);
        Ok((!text.is_empty()).then(|| (Bytes::from(text), None)))
    });
    Body::from_stream(pieces)
}
