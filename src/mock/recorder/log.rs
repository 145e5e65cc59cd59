//! The exchanges of all lanes, oldest dropped first.

use crate::exchange::{Exchange, Lane, Outcome, Recorded};
use std::collections::{BTreeMap, HashMap};

/// How many exchanges are kept of each lane.
pub const LANE_EXCHANGES: usize = 2_000;
/// How many bytes the exchanges of one lane may take.
pub const LANE_BYTES: usize = 16 * 1024 * 1024;
/// How many bytes the exchanges of all lanes may take.
pub const TOTAL_BYTES: usize = 64 * 1024 * 1024;
/// What an exchange takes beside its texts, roughly.
const OVERHEAD: usize = 768;

/// All that is remembered.
#[derive(Debug, Default)]
pub(super) struct Log {
    last_sequence: u64,
    lanes: HashMap<Lane, LaneLog>,
    order: BTreeMap<u64, Lane>,
    bytes: usize,
}

#[derive(Debug, Default)]
struct LaneLog {
    exchanges: BTreeMap<u64, Weighed>,
    bytes: usize,
    dropped: u64,
}

#[derive(Debug)]
struct Weighed {
    exchange: Exchange,
    bytes: usize,
}

impl Log {
    /// Remembers a new exchange and numbers it.
    pub(super) fn add(&mut self, mut exchange: Exchange) -> u64 {
        self.last_sequence += 1;
        let sequence = self.last_sequence;
        exchange.sequence = sequence;
        let lane = exchange.lane.clone();
        let bytes = weight(&exchange);
        let log = self.lanes.entry(lane.clone()).or_default();
        log.exchanges.insert(sequence, Weighed { exchange, bytes });
        log.bytes += bytes;
        self.bytes += bytes;
        self.order.insert(sequence, lane.clone());
        self.trim(&lane);
        sequence
    }

    /// Changes an exchange, unless it has been dropped or forgotten.
    pub(super) fn change(&mut self, lane: &Lane, sequence: u64, change: impl FnOnce(&mut Exchange)) {
        let Some(log) = self.lanes.get_mut(lane) else { return };
        let Some(weighed) = log.exchanges.get_mut(&sequence) else { return };
        change(&mut weighed.exchange);
        let bytes = weight(&weighed.exchange);
        log.bytes = log.bytes - weighed.bytes + bytes;
        self.bytes = self.bytes - weighed.bytes + bytes;
        weighed.bytes = bytes;
        self.trim(lane);
    }

    /// The exchanges of a lane, of one mock or of all.
    pub(super) fn recorded(&self, lane: &Lane, mock: Option<&str>) -> Recorded {
        let exchanges = self.of(lane, mock).cloned().collect();
        Recorded { exchanges, dropped: self.lanes.get(lane).map_or(0, |log| log.dropped) }
    }

    /// The exchanges of all lanes, of one mock or of all; lanes of which nothing is left are not counted as dropped.
    pub(super) fn all(&self, mock: Option<&str>) -> Recorded {
        let found = self.order.iter().filter_map(|(sequence, lane)| self.lanes.get(lane)?.exchanges.get(sequence));
        let exchanges = found.map(|weighed| &weighed.exchange);
        let exchanges = exchanges.filter(|exchange| mock.is_none_or(|mock| exchange.mock == mock)).cloned().collect();
        Recorded { exchanges, dropped: self.lanes.values().map(|log| log.dropped).sum() }
    }

    /// How many exchanges of a lane have ended.
    pub(super) fn ended(&self, lane: &Lane, mock: Option<&str>) -> usize {
        self.of(lane, mock).filter(|exchange| exchange.outcome != Outcome::Open).count()
    }

    /// Forgets a lane.
    pub(super) fn forget(&mut self, lane: &Lane) {
        let Some(log) = self.lanes.remove(lane) else { return };
        self.bytes -= log.bytes;
        for sequence in log.exchanges.keys() {
            self.order.remove(sequence);
        }
    }

    fn of<'a>(&'a self, lane: &Lane, mock: Option<&'a str>) -> impl Iterator<Item = &'a Exchange> {
        let exchanges = self.lanes.get(lane).into_iter().flat_map(|log| log.exchanges.values());
        exchanges.map(|weighed| &weighed.exchange).filter(move |exchange| mock.is_none_or(|mock| exchange.mock == mock))
    }

    fn trim(&mut self, lane: &Lane) {
        while let Some(log) = self.lanes.get(lane)
            && (log.exchanges.len() > LANE_EXCHANGES || log.bytes > LANE_BYTES)
            && let Some(&oldest) = log.exchanges.keys().next()
        {
            self.drop_oldest(&lane.clone(), oldest);
        }
        while self.bytes > TOTAL_BYTES
            && let Some((&oldest, lane)) = self.order.first_key_value()
        {
            self.drop_oldest(&lane.clone(), oldest);
        }
    }

    fn drop_oldest(&mut self, lane: &Lane, sequence: u64) {
        self.order.remove(&sequence);
        let Some(log) = self.lanes.get_mut(lane) else { return };
        if let Some(weighed) = log.exchanges.remove(&sequence) {
            log.bytes -= weighed.bytes;
            log.dropped += 1;
            self.bytes -= weighed.bytes;
        }
        // A lane of which nothing is left is not kept either: names of lanes come from outside.
        if log.exchanges.is_empty() {
            self.lanes.remove(lane);
        }
    }
}

fn weight(exchange: &Exchange) -> usize {
    let pairs =
        |headers: &[(String, String)]| headers.iter().map(|(name, value)| name.len() + value.len() + 48).sum::<usize>();
    let received = &exchange.received;
    let body = |text: &str, base64: &Option<String>| text.len() + base64.as_ref().map_or(0, String::len);
    let sent = exchange.sent.as_ref();
    let sent = sent.map_or(0, |sent| pairs(&sent.headers) + body(&sent.body, &sent.body_base64));
    let names = exchange.lane.as_str().len() * 2 + exchange.mock.len();
    OVERHEAD
        + names
        + received.target.len()
        + pairs(&received.headers)
        + body(&received.body, &received.body_base64)
        + sent
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Received;

    fn exchange(lane: &str, body: usize) -> Exchange {
        let received = Received { body: "x".repeat(body), ..Received::default() };
        Exchange {
            sequence: 0,
            lane: Lane::named(lane),
            mock: "openai".into(),
            at: jiff::Timestamp::UNIX_EPOCH,
            answered_at: None,
            ended_at: None,
            received,
            sent: None,
            outcome: Outcome::Open,
        }
    }

    #[test]
    fn a_lane_keeps_its_newest_and_counts_what_it_dropped() {
        let mut log = Log::default();
        for _ in 0..LANE_EXCHANGES + 5 {
            log.add(exchange("a", 0));
        }
        let recorded = log.recorded(&Lane::named("a"), Some("openai"));
        assert_eq!((recorded.exchanges.len(), recorded.dropped), (LANE_EXCHANGES, 5));
        assert_eq!(recorded.exchanges[0].sequence, 6);
        assert!(log.recorded(&Lane::named("a"), Some("gemini")).exchanges.is_empty());
    }

    #[test]
    fn all_lanes_together_stay_under_the_limit() {
        let mut log = Log::default();
        for number in 0..TOTAL_BYTES / 200_000 * 2 {
            log.add(exchange(&format!("lane-{number}"), 200_000));
            assert!(log.bytes <= TOTAL_BYTES);
        }
        assert_eq!(log.lanes.len(), log.order.len());
        assert!(log.recorded(&Lane::named("lane-0"), None).exchanges.is_empty());
        let lanes: Vec<Lane> = log.lanes.keys().cloned().collect();
        lanes.iter().for_each(|lane| log.forget(lane));
        assert_eq!((log.bytes, log.order.len()), (0, 0));
    }
}
