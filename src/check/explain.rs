//! The longer story of every id; data in `profiles/explain/`, one file an area.

use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "profiles/explain"]
struct Stories;

/// What an id means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// In one line.
    pub title: String,
    /// Why it happens, and what to do.
    pub text: String,
}

/// A file that cannot be read has no stories, which the test of all ids finds.
static ALL: LazyLock<BTreeMap<String, Story>> = LazyLock::new(|| {
    let files = Stories::iter().filter(|name| name.ends_with(".yaml")).filter_map(|name| Stories::get(&name));
    let read = |file: rust_embed::EmbeddedFile| {
        let text = std::str::from_utf8(&file.data).ok()?.to_owned();
        serde_yaml::from_str::<BTreeMap<String, Story>>(&text).ok()
    };
    files.filter_map(read).flatten().collect()
});

/// The story of an id such as `DOCKER-02`, in any case.
pub fn explain(id: &str) -> Option<&'static Story> {
    ALL.get(&id.to_ascii_uppercase())
}

/// All ids that have a story, in order.
pub fn all_ids() -> impl Iterator<Item = &'static str> {
    ALL.keys().map(String::as_str)
}
