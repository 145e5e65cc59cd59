//! What the layer tells a mock about the request at hand.

use super::counters::Counters;
use super::orders::Orders;
use super::script::Script;
use crate::exchange::{Lane, Reply};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// 2026-01-01T00:00:00Z, in seconds: the times in answers lie in the thirty days after it.
const FIRST_MOMENT: u64 = 1_767_225_600;
const THIRTY_DAYS: u64 = 30 * 24 * 60 * 60;

/// What a mock is told about a request before it answers.
#[derive(Debug, Clone, Default)]
pub(super) struct Cue {
    /// Whose request it is.
    pub(super) lane: Lane,
    /// The text that the lane wants as the assistant's answer, where it wants one text for all requests.
    pub(super) answer: Option<String>,
    /// The whole answers that the lane wants, where it wants more than one text.
    pub(super) script: Script<Reply>,
    /// What the lane wants of the services that policies call.
    pub(super) orders: Arc<Orders>,
    /// Where hits are counted.
    pub(super) counters: Counters,
    /// Where ids and times of the answer come from.
    pub(super) seed: Seed,
}

impl Cue {
    /// The answer that the lane wants to the request at hand; the next call has the next one.
    pub(super) fn reply(&self) -> Reply {
        match &self.answer {
            Some(text) => Reply { text: Some(text.clone()), ..Reply::default() },
            None => self.script.next().unwrap_or_default(),
        }
    }
}

/// A digest of method, target and body. Ids and times are derived from it, so equal requests get equal bytes.
#[derive(Debug, Clone, Default)]
pub(super) struct Seed([u8; 32]);

impl Seed {
    /// The seed of a request.
    pub(super) fn of(method: &str, target: &str, body: &[u8]) -> Self {
        let mut digest = Sha256::new();
        for part in [method.as_bytes(), target.as_bytes(), body] {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        Self(digest.finalize().into())
    }

    /// The digest itself.
    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// An id: the prefix and 24 hexadecimal digits. The same prefix gives the same id.
    pub(super) fn id(&self, prefix: &str) -> String {
        format!("{prefix}{}", hex::encode(&self.0[..12]))
    }

    /// An id of one of several things of a kind.
    pub(super) fn nth_id(&self, prefix: &str, place: usize) -> String {
        let digest = Sha256::new().chain_update(self.0).chain_update((place as u64).to_be_bytes()).finalize();
        format!("{prefix}{}", hex::encode(&digest[..12]))
    }

    /// Seconds since 1970.
    pub(super) fn created(&self) -> u64 {
        let number = self.0[12..20].iter().fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
        FIRST_MOMENT + number % THIRTY_DAYS
    }
}
