//! How each mock behaves in each lane, which of its faults are used up, and what it has counted.

use super::check_fault::check;
use super::counters::Counters;
use super::orders::Orders;
use super::script::Script;
use crate::exchange::{Behaviour, Cadence, Fault, Lane, Reply};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many lanes may have a behaviour at a time, over all mocks.
const MOST_BEHAVIOURS: usize = 512;
/// How many answers a script may have.
const MOST_REPLIES: usize = 256;

/// The behaviours of all lanes; clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Behaviours {
    playing: Arc<Mutex<HashMap<(Lane, &'static str), Playing>>>,
    counters: Counters,
    memories: Arc<[Arc<dyn Forgets>]>,
}

/// What a mock keeps of lanes.
pub(super) trait Forgets: std::fmt::Debug + Send + Sync {
    /// Forgets all that it keeps of a lane.
    fn forget(&self, lane: &Lane);
}

/// A behaviour while it is in use.
#[derive(Debug)]
struct Playing {
    behaviour: Behaviour,
    script: Script<Reply>,
    orders: Arc<Orders>,
    /// How many requests have come.
    requests: u64,
}

/// What a lane wants for one request.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// The assistant's text, where the lane wants nothing but one text.
    pub(super) answer: Option<String>,
    /// The assistant's answers.
    pub(super) script: Script<Reply>,
    /// What the services that policies call are to do.
    pub(super) orders: Arc<Orders>,
    /// How fast they come.
    pub(super) cadence: Option<Cadence>,
    /// What goes wrong.
    pub(super) fault: Option<Fault>,
}

impl Turn {
    /// Whether the lane wants nothing special.
    pub(super) fn is_plain(&self) -> bool {
        self.answer.is_none() && self.cadence.is_none() && self.fault.is_none() && self.script.is_empty()
    }
}

impl Behaviours {
    /// Behaviours that are forgotten together with what these keep.
    pub(super) fn beside(memories: impl IntoIterator<Item = Arc<dyn Forgets>>) -> Self {
        Self { memories: memories.into_iter().collect(), ..Self::default() }
    }

    /// From the next request on, the mock behaves like this in the lane. The error says what cannot be done.
    pub(super) fn set(&self, lane: Lane, mock: &'static str, behaviour: Behaviour) -> Result<(), String> {
        behaviour.faults.iter().try_for_each(check)?;
        if behaviour.answer.is_some() && !behaviour.replies.is_empty() {
            return Err("A behaviour has either `answer` or `replies`.".to_owned());
        }
        if behaviour.replies.len() > MOST_REPLIES {
            return Err(format!("`replies` are at most {MOST_REPLIES}."));
        }
        let orders = Arc::new(Orders::of(&behaviour)?);
        self.counters.forget(&lane);
        let mut behaviours = self.lock();
        let key = (lane, mock);
        if behaviours.len() >= MOST_BEHAVIOURS && !behaviours.contains_key(&key) {
            return Err(format!("{MOST_BEHAVIOURS} behaviours are set already; forget a lane first."));
        }
        let script = Script::of(&behaviour.replies);
        behaviours.insert(key, Playing { behaviour, script, orders, requests: 0 });
        Ok(())
    }

    /// Back to good behaviour in this lane.
    pub(super) fn forget(&self, lane: &Lane) {
        self.lock().retain(|(known, _), _| known != lane);
        self.counters.forget(lane);
        self.memories.iter().for_each(|memory| memory.forget(lane));
    }

    /// What the lane wants for the request that has just arrived; a fault that is limited is used up by one.
    pub(super) fn take(&self, lane: &Lane, mock: &'static str) -> Turn {
        let mut behaviours = self.lock();
        if behaviours.is_empty() {
            return Turn::default();
        }
        let Some(playing) = behaviours.get_mut(&(lane.clone(), mock)) else {
            return Turn::default();
        };
        playing.requests += 1;
        let number = playing.requests;
        let current = playing.behaviour.faults.iter_mut().find(|fault| wants(fault, number));
        let fault = current.map(|fault| {
            fault.times = fault.times.map(|times| times - 1);
            fault.clone()
        });
        Turn {
            answer: playing.behaviour.answer.clone(),
            script: playing.script.clone(),
            orders: Arc::clone(&playing.orders),
            cadence: playing.behaviour.cadence.clone(),
            fault,
        }
    }

    /// What the mocks have counted.
    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(Lane, &'static str), Playing>> {
        self.playing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn wants(fault: &Fault, number: u64) -> bool {
    fault.times != Some(0)
        && fault.nth.is_none_or(|nth| nth == number)
        && fault.probability.is_none_or(|probability| draw(fault.seed, number) < probability)
}

/// A number from 0 up to 1 that depends on nothing but the seed and the number.
pub(super) fn draw(seed: u64, number: u64) -> f64 {
    let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(number.to_be_bytes()).finalize();
    let high = digest.iter().take(6).fold(0_u64, |all, byte| (all << 8) | u64::from(*byte));
    // 48 bits fit a double exactly.
    high as f64 / (1_u64 << 48) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, times: Option<u32>) -> Fault {
        Fault { times, status: Some(status), ..Fault::default() }
    }

    fn with(faults: Vec<Fault>) -> Behaviour {
        Behaviour { faults, ..Behaviour::default() }
    }

    #[test]
    fn faults_follow_each_other_and_stay_in_their_lane() {
        let behaviours = Behaviours::default();
        let faults = vec![status(429, Some(2)), status(500, Some(1))];
        behaviours.set(Lane::named("a"), "openai", with(faults)).unwrap();
        let next = |lane: &str| behaviours.take(&Lane::named(lane), "openai").fault.and_then(|fault| fault.status);
        assert_eq!(
            [next("a"), next("b"), next("a"), next("a"), next("a")],
            [Some(429), None, Some(429), Some(500), None]
        );
    }

    #[test]
    fn the_nth_request_and_a_seeded_share_of_them() {
        let behaviours = Behaviours::default();
        let hits = |fault: Fault| -> Vec<bool> {
            behaviours.set(Lane::default(), "openai", with(vec![fault])).unwrap();
            (0..200).map(|_| behaviours.take(&Lane::default(), "openai").fault.is_some()).collect()
        };
        let third = hits(Fault { nth: Some(3), ..status(500, None) });
        assert_eq!(third.iter().position(|hit| *hit), Some(2));
        assert_eq!(third.iter().filter(|hit| **hit).count(), 1);
        let share = |seed| Fault { probability: Some(0.25), seed, ..status(500, None) };
        let some = hits(share(7));
        assert_eq!(some, hits(share(7)));
        assert_ne!(some, hits(share(8)));
        let count = some.iter().filter(|hit| **hit).count();
        assert!((25..75).contains(&count), "{count}");
    }

    #[test]
    fn replies_serve_one_request_each_and_the_last_one_stays() {
        let behaviours = Behaviours::default();
        let behaviour: Behaviour = serde_yaml::from_str("replies: [{text: a}, {text: b}]").unwrap();
        behaviours.set(Lane::default(), "openai", behaviour).unwrap();
        let next = || behaviours.take(&Lane::default(), "openai").script.next().unwrap().text;
        assert_eq!([next(), next(), next()].map(Option::unwrap), ["a", "b", "b"]);
    }
}
