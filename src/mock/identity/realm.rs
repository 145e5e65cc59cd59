//! A realm: an issuer with keys of its own.

use super::key::Key;
use crate::mock::trust::{KeyRoot, TrustError};
use std::sync::Arc;
use std::time::Duration;

/// The name of the realm at the root.
pub(super) const FIRST: &str = "sandbox";
/// How long the slow realm takes to answer.
const SLOW: Duration = Duration::from_secs(3);

/// What is wrong with the set of keys of a realm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It comes after [`Trouble::pause`].
    Slow,
    /// It does not come: 503.
    Down,
    /// Its keys have the ids of good ones, and are others.
    BadKey,
    /// It is no JSON.
    Junk,
    /// It has no keys.
    Empty,
}

impl Trouble {
    /// The trouble that a realm's name stands for.
    pub(super) fn of(realm: &str) -> Option<Self> {
        match realm {
            "slow" => Some(Self::Slow),
            "down" => Some(Self::Down),
            "bad-key" => Some(Self::BadKey),
            "junk" => Some(Self::Junk),
            "empty" => Some(Self::Empty),
            _ => None,
        }
    }

    /// How long the set is awaited.
    pub(super) fn pause(self) -> Option<Duration> {
        (self == Self::Slow).then_some(SLOW)
    }
}

/// The two keys of a realm between two rotations.
pub(super) struct Keys {
    pub(super) es256: Key,
    pub(super) rs256: Arc<Key>,
}

impl Keys {
    /// The key of this realm after so many rotations.
    pub(super) fn es256(root: &KeyRoot, realm: &str, rotations: u64) -> Result<Key, TrustError> {
        Key::es256(root, &format!("token {rotations} {realm}"))
    }

    /// The keys in the order in which the set shows them.
    pub(super) fn all(&self) -> [&Key; 2] {
        [&self.es256, &self.rs256]
    }
}
