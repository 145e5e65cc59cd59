//! Which expectations make sense for what is done: an answer has no conditions, and an object has no status line.

use super::{
    action::Action,
    mistake::{Mistake, Parsed},
    place::Place,
    then::{Meaning, Then},
};

pub(super) fn check_meaning(action: &Action, then: &Then, place: &Place) -> Parsed<()> {
    let (meanings, of): (&[Meaning], &str) = match action {
        Action::Read(..) => (&[Meaning::Object, Meaning::Received], "an object that is read"),
        Action::Apply(_) => (&[Meaning::Change, Meaning::Received], "a change"),
        Action::Remove(_) | Action::Mock(_) | Action::Wait(_) => (&[Meaning::Received], "a step without a request"),
        Action::Http(_) | Action::Llm(..) | Action::Mcp(_) | Action::McpSuite(_) => (&[Meaning::Answer], "an answer"),
    };
    let fits = |of: &[Meaning]| of.iter().any(|meaning| meanings.contains(meaning));
    match then.keys().into_iter().find(|(_, of)| !fits(of)) {
        None => Ok(()),
        Some((key, _)) => Err(Mistake::new(&place.key(key), format!("{of} has no `{key}`"))),
    }
}
