//! What becomes of texts.

use super::content::Texts;
use crate::exchange::{GuardAction, Rejection};
use indexmap::IndexMap;
use serde_json::{Map, Value, json};

/// What is refused.
const REFUSED: &str = "blocked content";
/// What is masked, and by what.
const MASKED: (&str, &str) = ("masking", "****ing");

/// The answer to texts under an action of the lane, or under the rule.
pub(super) fn action(texts: &mut Texts<'_>, wanted: Option<&GuardAction>) -> Value {
    match wanted {
        Some(GuardAction::Pass) => pass(texts.what()),
        Some(GuardAction::Reject(rejection)) => reject(rejection),
        Some(GuardAction::Mask(words)) => mask(texts, words),
        None => by_rule(texts),
    }
}

fn by_rule(texts: &mut Texts<'_>) -> Value {
    let what = texts.what();
    if texts.any(|text| text.to_lowercase().contains(REFUSED)) {
        return reject(&Rejection { body: format!("{what} blocked"), ..Rejection::default() });
    }
    mask(texts, &IndexMap::from([(MASKED.0.to_owned(), MASKED.1.to_owned())]))
}

fn pass(what: &str) -> Value {
    json!({ "action": { "reason": format!("{what} passed") } })
}

fn reject(rejection: &Rejection) -> Value {
    let Rejection { status, body, reason } = rejection;
    json!({ "action": { "body": body, "status_code": status, "reason": reason } })
}

/// Texts in which nothing is to be masked pass.
fn mask(texts: &mut Texts<'_>, words: &IndexMap<String, String>) -> Value {
    let what = texts.what();
    let is_changed =
        texts.change(|text| words.iter().fold(text.to_owned(), |text, (word, with)| text.replace(word.as_str(), with)));
    if !is_changed {
        return pass(what);
    }
    let body = Map::from_iter([texts.written()]);
    json!({ "action": { "body": body, "reason": format!("{what} masked") } })
}
