//! Names of rendered objects: told by what they are for, unique, and the same in every run.

use sha2::{Digest, Sha256};
use std::collections::HashSet;

/// Longest name: that of a DNS label, which every kind takes.
const LONGEST: usize = 63;

/// Names that were given out for one kind.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// A name that nobody has yet: the wanted one, or `wanted-2`, `wanted-3` …
    pub fn take(&mut self, wanted: &str) -> String {
        let wanted = shortened(wanted);
        let mut name = wanted.clone();
        let mut number = 1;
        while !self.0.insert(name.clone()) {
            number += 1;
            name = shortened(&format!("{wanted}-{number}"));
        }
        name
    }
}

/// A name for a path: `/v1/chat/completions` is `v1-chat-completions`, `/` is `root`.
pub(super) fn of_path(path: &str) -> String {
    let words: Vec<String> = path
        .split(|letter: char| !letter.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    if words.is_empty() { "root".to_owned() } else { words.join("-") }
}

fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let digest = hex::encode(Sha256::digest(name.as_bytes()));
    format!("{}-{}", &name[..LONGEST - 9].trim_end_matches('-'), &digest[..8])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_path_and_never_meet() {
        let mut names = Names::default();
        assert_eq!(names.take(&of_path("/v1/chat/completions")), "v1-chat-completions");
        assert_eq!(names.take(&of_path("/v1/chat/completions/")), "v1-chat-completions-2");
        assert_eq!(of_path("/"), "root");
        let long = "x".repeat(200);
        let (first, second) = (names.take(&long), names.take(&long));
        assert!(first.len() <= LONGEST && second.len() <= LONGEST && first != second);
    }
}
