//! Which requests of the gateway belong to which request of the client: those that arrived while it was under way.

use crate::event::{ClientExchange, Failure};
use crate::exchange::Exchange;
use jiff::{SignedDuration, Timestamp};

/// An exchange of the client, and what the mocks saw of it. The first pair may have no client: what was there before.
pub(super) struct Pair<'a> {
    pub client: Option<&'a ClientExchange>,
    pub received: Vec<&'a Exchange>,
}

pub(super) fn pairs(evidence: &Failure) -> Vec<Pair<'_>> {
    let mut pairs: Vec<Pair<'_>> = vec![Pair { client: None, received: Vec::new() }];
    pairs.extend(evidence.client.iter().map(|client| Pair { client: Some(client), received: Vec::new() }));
    for exchange in &evidence.received {
        let home = pairs.iter().rposition(|pair| match pair.client {
            None => true,
            Some(client) => {
                began(client) <= exchange.at && (is_under_way(client, exchange.at) || is_last(evidence, client))
            }
        });
        // Clocks of pods and of this machine may differ by a little: then the last one that began before is as good.
        let home = home
            .filter(|index| *index > 0)
            .or_else(|| pairs.iter().rposition(|pair| pair.client.is_some_and(|client| began(client) <= exchange.at)));
        if let Some(pair) = pairs.get_mut(home.unwrap_or_default()) {
            pair.received.push(exchange);
        }
    }
    pairs.retain(|pair| pair.client.is_some() || !pair.received.is_empty());
    pairs
}

fn began(client: &ClientExchange) -> Timestamp {
    client.at
}

fn is_under_way(client: &ClientExchange, at: Timestamp) -> bool {
    #[allow(clippy::cast_possible_truncation)]
    let took = SignedDuration::from_micros((client.milliseconds.clamp(0.0, 1e9) * 1000.0) as i64);
    client.at.checked_add(took).is_ok_and(|end| at <= end)
}

fn is_last(evidence: &Failure, client: &ClientExchange) -> bool {
    evidence.client.last().is_some_and(|last| last.number == client.number)
}
