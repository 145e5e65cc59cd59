//! Defects of the real gateway: what it does instead, and in which releases.

use super::{
    compile::{self, Versioned},
    mistake::{Mistake, Parsed},
    place::{Part, Place},
    release::{Release, ReleaseRange},
    then::DefectDocument,
};
use crate::scenario::expect::Expectation;

/// How many parts of a place stand before the key of `then`: `steps`, its position, `then`.
const KEY_OF_THEN: usize = 3;
/// Where links may lead.
const LINKS: &str = "https://github.com/";

/// What the real gateway does wrong.
#[derive(Debug, Clone)]
pub struct Defect {
    /// Where the scenario says so.
    pub place: Place,
    /// What is wrong, in a sentence.
    pub about: String,
    /// Where it is known: a link, or what was measured.
    pub source: String,
    /// The releases that have it, as written.
    pub releases: String,
    range: ReleaseRange,
    keys: Vec<&'static str>,
    instead: Vec<Versioned>,
}

impl Defect {
    /// Whether a release has it.
    pub fn is_in(&self, release: Option<Release>) -> bool {
        release.is_some_and(|release| self.range.contains(release))
    }

    /// Whether what should hold is replaced by what does.
    pub fn replaces(&self, expectation: &Expectation) -> bool {
        match expectation.place.parts().get(KEY_OF_THEN) {
            Some(Part::Key(key)) => self.keys.contains(&key.as_str()),
            _ => false,
        }
    }

    /// What holds instead, for a release.
    pub fn instead(&self, release: Option<Release>) -> impl Iterator<Item = &Expectation> {
        super::step::of_release(&self.instead, release)
    }

    /// Every expectation, of all releases.
    pub(super) fn all(&self) -> impl Iterator<Item = &Expectation> {
        self.instead.iter().map(|(_, expectation)| expectation)
    }
}

/// Reads what stands under `defect`.
pub(super) fn defect(document: &DefectDocument, place: &Place) -> Parsed<Defect> {
    let range = ReleaseRange::parse(&document.releases).ok_or_else(|| {
        let message = format!("`{}` is not a range like `1.0..1.5`", document.releases);
        Mistake::new(&place.key("releases"), message)
    })?;
    if document.about.is_empty() {
        return Err(Mistake::new(place, "`about` says what is wrong").with_help("one sentence for a reader"));
    }
    let source = match (&document.link, &document.source) {
        (Some(link), None) if link.starts_with(LINKS) => link.clone(),
        (Some(link), None) => {
            return Err(Mistake::new(&place.key("link"), format!("`{link}` is not a link to {LINKS}")));
        }
        (None, Some(source)) => source.clone(),
        _ => return Err(Mistake::new(place, "`link` or `source` says where the defect is known, one of them")),
    };
    let then = place.key("instead");
    let instead = compile::expectations(&document.instead, &then)?;
    if instead.is_empty() {
        return Err(Mistake::new(&then, "`instead` says what the gateway does in these releases"));
    }
    let keys = document.instead.keys().into_iter().map(|(key, _)| key).collect();
    Ok(Defect {
        place: place.clone(),
        about: document.about.clone(),
        source,
        releases: document.releases.clone(),
        range,
        keys,
        instead,
    })
}
