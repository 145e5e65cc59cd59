//! The exchanges of all lanes, oldest dropped first.

use super::entry::Entry;
use super::shared::Shared;
use crate::exchange::{Exchange, Lane, Outcome, Recorded};
use std::collections::{BTreeMap, HashMap};

/// How many exchanges are kept of each lane.
pub const LANE_EXCHANGES: usize = 2_000;
/// How many bytes the exchanges of one lane may take.
pub const LANE_BYTES: usize = 16 * 1024 * 1024;
/// How many bytes the exchanges of all lanes may take.
pub const TOTAL_BYTES: usize = 64 * 1024 * 1024;

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
    entry: Shared,
    mock: &'static str,
    bytes: usize,
}

impl Log {
    /// Remembers a new exchange and numbers it.
    pub(super) fn add(&mut self, lane: &Lane, mut entry: Entry) -> (u64, Shared) {
        self.last_sequence += 1;
        let sequence = self.last_sequence;
        entry.sequence = sequence;
        let (mock, bytes) = (entry.mock, entry.weighed + lane.as_str().len() * 2);
        let entry = Shared::new(entry);
        if !self.lanes.contains_key(lane) {
            self.lanes.insert(lane.clone(), LaneLog::default());
        }
        if let Some(log) = self.lanes.get_mut(lane) {
            log.exchanges.insert(sequence, Weighed { entry: entry.clone(), mock, bytes });
            log.bytes += bytes;
        }
        self.bytes += bytes;
        self.order.insert(sequence, lane.clone());
        self.trim(lane);
        (sequence, entry)
    }

    /// Notes that an exchange takes so many bytes now, unless it has been dropped or forgotten.
    pub(super) fn weigh(&mut self, lane: &Lane, sequence: u64, bytes: usize) {
        let Some(log) = self.lanes.get_mut(lane) else { return };
        let Some(weighed) = log.exchanges.get_mut(&sequence) else { return };
        let bytes = bytes + lane.as_str().len() * 2;
        log.bytes = log.bytes - weighed.bytes + bytes;
        self.bytes = self.bytes - weighed.bytes + bytes;
        weighed.bytes = bytes;
        self.trim(lane);
    }

    /// The exchanges of a lane, of one mock or of all.
    pub(super) fn recorded(&self, lane: &Lane, mock: Option<&str>) -> Recorded {
        let exchanges = self.of(lane, mock).map(|entry| entry.lock().exchange(lane)).collect();
        Recorded { exchanges, dropped: self.lanes.get(lane).map_or(0, |log| log.dropped) }
    }

    /// The exchanges of all lanes, of one mock or of all; lanes of which nothing is left are not counted as dropped.
    pub(super) fn all(&self, mock: Option<&str>) -> Recorded {
        let found = self.order.iter().filter_map(|(sequence, lane)| {
            let weighed = self.lanes.get(lane)?.exchanges.get(sequence)?;
            mock.is_none_or(|mock| weighed.mock == mock).then(|| weighed.entry.lock().exchange(lane))
        });
        let exchanges: Vec<Exchange> = found.collect();
        Recorded { exchanges, dropped: self.lanes.values().map(|log| log.dropped).sum() }
    }

    /// How many exchanges of a lane have ended.
    pub(super) fn ended(&self, lane: &Lane, mock: Option<&str>) -> usize {
        self.of(lane, mock).filter(|entry| entry.lock().outcome != Outcome::Open).count()
    }

    /// Forgets a lane.
    pub(super) fn forget(&mut self, lane: &Lane) {
        let Some(log) = self.lanes.remove(lane) else { return };
        self.bytes -= log.bytes;
        for sequence in log.exchanges.keys() {
            self.order.remove(sequence);
        }
    }

    fn of<'a>(&'a self, lane: &Lane, mock: Option<&'a str>) -> impl Iterator<Item = &'a Shared> {
        let exchanges = self.lanes.get(lane).into_iter().flat_map(|log| log.exchanges.values());
        exchanges.filter(move |weighed| mock.is_none_or(|mock| weighed.mock == mock)).map(|weighed| &weighed.entry)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(body: usize) -> Entry {
        let (parts, ()) = http::Request::new(()).into_parts();
        let mut entry = Entry::new("openai", None, &parts);
        entry.received_body.add(&vec![b'x'; body]);
        entry.weighed = entry.weight();
        entry
    }

    #[test]
    fn a_lane_keeps_its_newest_and_counts_what_it_dropped() {
        let mut log = Log::default();
        for _ in 0..LANE_EXCHANGES + 5 {
            log.add(&Lane::named("a"), entry(0));
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
            log.add(&Lane::named(format!("lane-{number}")), entry(200_000));
            assert!(log.bytes <= TOTAL_BYTES);
        }
        assert_eq!(log.lanes.len(), log.order.len());
        assert!(log.recorded(&Lane::named("lane-0"), None).exchanges.is_empty());
        let lanes: Vec<Lane> = log.lanes.keys().cloned().collect();
        lanes.iter().for_each(|lane| log.forget(lane));
        assert_eq!((log.bytes, log.order.len()), (0, 0));
    }
}
