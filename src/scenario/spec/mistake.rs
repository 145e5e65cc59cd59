//! A mistake before the file that it is in is known.

use super::place::Place;
use crate::canonical::nearest;

/// Something that a scenario must not say, and where it says it.
#[derive(Debug)]
pub(super) struct Mistake {
    pub place: Place,
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
}

pub(super) type Parsed<T> = Result<T, Mistake>;

impl Mistake {
    pub fn new(place: &Place, message: impl Into<String>) -> Self {
        Self { place: place.clone(), code: "SCENARIO-06", message: message.into(), help: None }
    }

    pub fn unknown(place: &Place, kind: &str, word: &str, known: &[&str]) -> Self {
        let help = match nearest(word, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known here: {}", known.join(", ")),
        };
        let mistake = Self::new(place, format!("unknown {kind} `{word}`"));
        Self { code: "SCENARIO-02", ..mistake.with_help(help) }
    }

    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}
