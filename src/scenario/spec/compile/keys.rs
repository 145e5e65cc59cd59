//! Keys that are known at a place.

use super::super::{
    mistake::{Mistake, Parsed},
    place::Place,
};
use serde_json::{Map, Value};

/// An error for the first key that is not known.
pub(super) fn known_keys(fields: &Map<String, Value>, known: &[&str], place: &Place) -> Parsed<()> {
    match fields.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(Mistake::unknown(&place.key(key), "key", key, known)),
        None => Ok(()),
    }
}

/// Words in a row.
pub(super) fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
