//! Bedrock's frames as chunks of a chat completion.
//!
//! Exceptions vanish, and `[DONE]` follows at every clean end of the connection (facts/conformance.md B.0 surprise 1). The
//! index of a tool call is that of its block up to 1.4.1; later releases count calls.

use super::{
    converse::{StopReason, Usage},
    frames::{Frame, frames},
};
use crate::gateway::proxy::{
    body::Body,
    llm::{
        openai::completion::Envelope,
        spent::Spent,
        stream::{DONE, unnamed},
        usage as cost,
    },
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The stream that the client sees. `counts_calls` where the release counts calls.
pub fn translate(body: Body, model: &str, id: &str, counts_calls: bool, spent: Spent) -> Body {
    let mut progress = Progress { envelope: Envelope::new(id, model), tools: HashMap::new(), seen: 0, counts_calls };
    let chunks = frames(body).filter_map(move |frame| {
        let piece = match frame {
            Err(error) => Some(Err(error)),
            Ok(Frame::Other) => None,
            Ok(Frame::Event(name, payload)) => {
                cost::note(&payload, &spent);
                if name == "contentBlockDelta" {
                    spent.token();
                }
                progress.chunk(&name, &payload).map(|chunk| Ok(Bytes::from(unnamed(&chunk))))
            }
        };
        std::future::ready(piece)
    });
    // An error ends the stream before `[DONE]`.
    let ended = stream::unfold(Some(Box::pin(chunks)), |chunks| async move {
        let mut chunks = chunks?;
        match chunks.next().await {
            Some(Ok(piece)) => Some((Ok(piece), Some(chunks))),
            Some(Err(error)) => Some((Err(error), None)),
            None => Some((Ok(Bytes::from_static(DONE.as_bytes())), None)),
        }
    });
    Body::from_stream(ended)
}

struct Progress {
    envelope: Envelope,
    /// Index of a call by that of its block.
    tools: HashMap<u64, u64>,
    seen: u64,
    counts_calls: bool,
}

impl Progress {
    fn chunk(&mut self, name: &str, payload: &Value) -> Option<Value> {
        let (delta, finish) = match name {
            "messageStart" => (json!({"role": payload.get("role")?}), None),
            "contentBlockStart" => (self.tool_start(payload)?, None),
            "contentBlockDelta" => (self.delta(payload)?, None),
            "messageStop" => {
                let reason = StopReason::deserialize(payload.get("stopReason")?).ok()?;
                (Map::new().into(), Some(reason.finish_reason()))
            }
            "metadata" => {
                let usage = Usage::deserialize(payload.get("usage")?).ok()?;
                return Some(self.envelope.chunk_of(json!([]), usage.to_chat()));
            }
            _ => return None,
        };
        Some(self.envelope.chunk(delta, finish, Value::Null))
    }

    fn tool_start(&mut self, payload: &Value) -> Option<Value> {
        let call = payload.pointer("/start/toolUse")?;
        let block = payload["contentBlockIndex"].as_u64()?;
        let index = if self.counts_calls { self.seen } else { block };
        self.seen += 1;
        self.tools.insert(block, index);
        let function = json!({"name": call.get("name")?});
        let call = json!({"index": index, "id": call.get("toolUseId")?, "type": "function", "function": function});
        Some(json!({"tool_calls": [call]}))
    }

    fn delta(&self, payload: &Value) -> Option<Value> {
        let delta = payload.get("delta")?;
        if let Some(text) = delta.get("text") {
            return Some(json!({"content": text}));
        }
        if let Some(reasoning) = delta.get("reasoningContent") {
            return Some(match reasoning.get("signature") {
                Some(signature) => json!({"reasoning_signature": signature}),
                None => json!({"reasoning_content": reasoning.get("text")?}),
            });
        }
        let index = self.tools.get(&payload["contentBlockIndex"].as_u64()?)?;
        let function = json!({"arguments": delta.pointer("/toolUse/input")?});
        Some(json!({"tool_calls": [{"index": index, "function": function}]}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gateway::proxy::body::BoxError, wire::event_stream};
    use futures_util::FutureExt;

    #[test]
    fn an_exception_vanishes_before_a_clean_end() {
        let frames = [
            event_stream::event("messageStart", br#"{"role":"assistant","p":"ab"}"#),
            event_stream::event("contentBlockDelta", br#"{"contentBlockIndex":0,"delta":{"text":"Hel"}}"#),
            event_stream::exception("throttlingException", br#"{"message":"slow"}"#),
        ];
        let pieces: Vec<Result<Bytes, BoxError>> = frames.into_iter().map(Ok).collect();
        let body = translate(Body::from_stream(stream::iter(pieces)), "m", "id1", false, Spent::untold());
        let text = body.collect(4096).now_or_never().unwrap().unwrap();
        let events: Vec<&str> = std::str::from_utf8(&text).unwrap().split_terminator("\n\n").collect();
        let [role, content, done] = events[..] else { panic!("{events:?}") };
        assert!(role.contains(r#""delta":{"content":null,"role":"assistant"}"#), "{role}");
        assert!(content.contains(r#""delta":{"content":"Hel"}"#), "{content}");
        assert_eq!(done, "data: [DONE]");
    }

    #[test]
    fn calls_have_the_index_of_their_block_or_their_own() {
        for (counts_calls, index) in [(false, 1), (true, 0)] {
            let envelope = Envelope::new("i", "m");
            let mut progress = Progress { envelope, tools: HashMap::new(), seen: 0, counts_calls };
            let start = json!({"contentBlockIndex": 1, "start": {"toolUse": {"toolUseId": "t", "name": "n"}}});
            let chunk = progress.chunk("contentBlockStart", &start).unwrap();
            assert_eq!(chunk.pointer("/choices/0/delta/tool_calls/0/index").unwrap(), index);
        }
    }
}
