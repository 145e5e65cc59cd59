//! Guards of answers that are streams. Source: facts/manifests.md 4.1: events wait until what they say was looked at;
//! what was passed on cannot be taken back, and nothing is hidden.

use super::{guard, texts};
use crate::gateway::{
    proxy::{
        body::{Body, BoxError},
        events,
    },
    table::Guard,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use std::{collections::VecDeque, pin::Pin};

/// Text that is gathered before it is looked at, in bytes. Source: agentgateway 1.4.1.
const GATHERED: usize = 1024;
/// Text before it that is looked at once more.
const OVERLAP: usize = 256;
/// Bytes of events that wait at most.
const MOST_HELD: usize = 2 * 1024 * 1024;

/// The stream as far as its guards let it pass.
pub fn guarded(body: Body, guards: Vec<Guard>) -> Body {
    let gate = Gate {
        events: Box::pin(events::events(body)),
        guards,
        held: Vec::new(),
        held_bytes: 0,
        text: String::new(),
        ready: VecDeque::new(),
        ended: false,
    };
    Body::from_stream(stream::try_unfold(gate, |mut gate| async move {
        loop {
            if let Some(event) = gate.ready.pop_front() {
                return Ok(Some((event, gate)));
            }
            if gate.ended {
                return Ok(None);
            }
            gate.gather().await?;
        }
    }))
}

struct Gate {
    events: Pin<Box<dyn Stream<Item = Result<Bytes, BoxError>> + Send>>,
    guards: Vec<Guard>,
    held: Vec<Bytes>,
    held_bytes: usize,
    text: String,
    ready: VecDeque<Bytes>,
    ended: bool,
}

impl Gate {
    async fn gather(&mut self) -> Result<(), BoxError> {
        let known = self.text.len();
        while self.text.len() - known < GATHERED && self.held_bytes < MOST_HELD {
            let Some(event) = self.events.next().await.transpose()? else {
                self.ended = true;
                break;
            };
            let data = events::data(&event).and_then(|data| serde_json::from_str::<Value>(&data).ok());
            self.text.extend(data.as_ref().and_then(texts::of_event));
            self.held_bytes += event.len();
            self.held.push(event);
        }
        self.held_bytes = 0;
        if let Some(rejection) = guard::forbids(&self.guards, &self.text) {
            self.held.clear();
            self.ended = true;
            let error =
                json!({"type": "guardrail_blocked", "code": "guardrail_intervention", "message": rejection.message});
            self.ready.push_back(format!("data: {}\n\n", json!({"error": error})).into());
            return Ok(());
        }
        self.ready.extend(self.held.drain(..));
        let mut from = self.text.len().saturating_sub(OVERLAP);
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        self.text.drain(..from);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::{GuardKind, GuardRule, Pattern, Rejection};
    use futures_util::{FutureExt, TryStreamExt};

    fn passed(text: &str) -> String {
        let rules = vec![GuardRule::Custom(Pattern::new("forbidden").unwrap())];
        let guard = Guard { kind: GuardKind::Regex { rejects: true, rules }, rejection: Rejection::default() };
        let pieces: Vec<Bytes> =
            guarded(text.to_owned().into(), vec![guard]).into_pieces().try_collect().now_or_never().unwrap().unwrap();
        String::from_utf8(pieces.concat()).unwrap()
    }

    #[test]
    fn a_word_across_events_is_found_and_good_events_pass_unchanged() {
        let event = |text: &str| format!("data: {}\n\n", json!({"choices": [{"delta": {"content": text}}]}));
        let good = event("some ") + &event("text") + "data: [DONE]\n\n";
        assert_eq!(passed(&good), good);
        let wanted = r#"data: {"error":{"type":"guardrail_blocked","code":"guardrail_intervention","message":"The request was rejected due to inappropriate content"}}"#;
        assert_eq!(passed(&(event("forb") + &event("idden") + "data: [DONE]\n\n")).trim_end(), wanted);
    }
}
