//! The scenarios that come with the program, and how some of them are chosen.

use super::{ScenarioError, spec::Scenario};
use crate::canonical::nearest;
use rust_embed::RustEmbed;
use std::{collections::BTreeSet, sync::Arc};

#[derive(RustEmbed)]
#[folder = "tests/scenarios/"]
struct Files;

/// Scenarios, ordered by their files' names.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    scenarios: Vec<Arc<Scenario>>,
}

impl Catalogue {
    /// The scenarios that come with the program.
    ///
    /// # Errors
    /// A mistake in one of them.
    pub fn built_in() -> Result<Self, ScenarioError> {
        let mut files: Vec<_> = Files::iter().filter(|file| file.ends_with(".yaml")).collect();
        files.sort();
        let texts = files.into_iter().filter_map(|file| {
            let content = Files::get(&file)?;
            Some((file.into_owned(), String::from_utf8_lossy(&content.data).into_owned()))
        });
        Self::of(texts)
    }

    /// Scenarios from files: name relative to a root, and text.
    ///
    /// # Errors
    /// A mistake in one of them, or an id that two of them have.
    pub fn of(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, ScenarioError> {
        let mut scenarios: Vec<Arc<Scenario>> = Vec::new();
        for (file, text) in files {
            let scenario = Scenario::parse(&file, &text)?;
            if let Some(other) = scenarios.iter().find(|other| other.id == scenario.id) {
                let place = super::spec::Place::top().key("id");
                let message = format!("{} has the id {} too", other.text.file, scenario.id);
                return Err(ScenarioError::at(&scenario.text, &place, "SCENARIO-07", message));
            }
            scenarios.push(Arc::new(scenario));
        }
        Ok(Self { scenarios })
    }

    /// All of them.
    pub fn all(&self) -> &[Arc<Scenario>] {
        &self.scenarios
    }

    /// The scenario with this id, in any case.
    ///
    /// # Errors
    /// There is none; the nearest id is told.
    pub fn get(&self, id: &str) -> Result<Arc<Scenario>, ScenarioError> {
        self.scenarios
            .iter()
            .find(|scenario| scenario.id.eq_ignore_ascii_case(id))
            .cloned()
            .ok_or_else(|| self.nothing(id, self.scenarios.iter().map(|scenario| scenario.id.clone()).collect()))
    }

    /// Those that one of the patterns chooses, in the catalogue's order: an id, a folder, a tag, or any of them with `*`
    /// and `?`. No pattern chooses all.
    ///
    /// # Errors
    /// A pattern that chooses nothing; the nearest word is told.
    pub fn select(&self, patterns: &[String]) -> Result<Vec<Arc<Scenario>>, ScenarioError> {
        let idle = patterns.iter().find(|pattern| !self.scenarios.iter().any(|scenario| chooses(pattern, scenario)));
        if let Some(pattern) = idle {
            return Err(self.nothing(pattern, self.words()));
        }
        let chosen = |scenario: &&Arc<Scenario>| {
            patterns.is_empty() || patterns.iter().any(|pattern| chooses(pattern, scenario))
        };
        Ok(self.scenarios.iter().filter(chosen).cloned().collect())
    }

    fn words(&self) -> BTreeSet<String> {
        self.scenarios.iter().flat_map(|scenario| scenario.tags.iter().cloned().chain([scenario.id.clone()])).collect()
    }

    fn nothing(&self, pattern: &str, words: BTreeSet<String>) -> ScenarioError {
        let help = match nearest(pattern, &words) {
            Some(near) => format!("did you mean `{near}`? All of them: agw-sandbox scenarios list"),
            None => "all of them: agw-sandbox scenarios list".to_owned(),
        };
        ScenarioError::nowhere("SCENARIO-08", format!("no scenario is `{pattern}`")).with_help(Some(help))
    }
}

fn chooses(pattern: &str, scenario: &Scenario) -> bool {
    let pattern = pattern.to_lowercase();
    let words = scenario.tags.iter().chain([&scenario.id]);
    words.map(|word| word.to_lowercase()).any(|word| glob(pattern.as_bytes(), word.as_bytes()))
}

/// `*` stands for any text, `?` for one byte.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.split_first(), text.split_first()) {
        (None, rest) => rest.is_none(),
        (Some((b'*', pattern)), None) => glob(pattern, text),
        (Some((b'*', after)), Some((_, rest))) => glob(after, text) || glob(pattern, rest),
        (Some((b'?', pattern)), Some((_, text))) => glob(pattern, text),
        (Some((wanted, pattern)), Some((letter, text))) => wanted == letter && glob(pattern, text),
        (Some(_), None) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        assert!(
            glob(b"pol-*", b"pol-10") && glob(b"*", b"") && glob(b"p?l-10", b"pol-10") && glob(b"*-1*0", b"pol-10")
        );
        assert!(!glob(b"pol-?", b"pol-10") && !glob(b"pol", b"pol-10") && !glob(b"", b"x"));
    }
}
