//! The two lines that every profile begins with; looked at first, so that a scenario is not called a bad profile.

use super::error::{ProfileError, Text};
use super::tree::Node;
use super::{SCHEMA, place};

/// Whether a document says that it is a profile.
pub(super) fn check(tree: &Node, text: &Text) -> Result<(), ProfileError> {
    for (key, wanted) in [("schema", SCHEMA), ("kind", "Profile")] {
        let found = tree.find(&[key]);
        let said = found.map(Node::value);
        let said = said.as_ref().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        let reason = match said.as_deref() {
            Some(said) if said == wanted => continue,
            Some(said) => format!("`{key}: {said}` is not `{key}: {wanted}`"),
            None => format!("`{key}: {wanted}` is missing"),
        };
        let at = place::span(text.inner(), found.unwrap_or(tree).at);
        return Err(ProfileError::NotAProfile { reason, text: text.clone(), at });
    }
    Ok(())
}
