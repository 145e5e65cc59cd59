//! The question whether a cluster of the user's may be used.

use crate::{
    provider::ContextSight,
    report::{Format, print_talk},
    sandbox::Consent,
};
use std::io::{IsTerminal, stdin};

/// Whom to ask: nobody where the user has agreed already; the user, where one sits at a terminal.
pub fn consent(yes: bool, output: Format) -> Consent {
    match (yes, output) {
        (true, _) => Consent::given(),
        (false, Format::Human) if stdin().is_terminal() && console::Term::stderr().is_term() => Consent::asking(ask),
        _ => Consent::nobody(),
    }
}

fn ask(sight: &ContextSight) -> bool {
    print_talk(&question(sight));
    let mut answer = String::new();
    stdin().read_line(&mut answer).is_ok() && is_yes(&answer)
}

fn question(sight: &ContextSight) -> String {
    format!(
        "The cluster of context {} ({}) is not the sandbox's own.\n\
         The sandbox would install a gateway and mocks into it, in namespaces of its own, and resource definitions where they \
         are missing.\n`agw-sandbox down` takes all of that away again; nothing else is changed.\nUse it? [y/N]",
        sight.context, sight.api
    )
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_a_yes_is_one() {
        assert!(super::is_yes("Yes\n") && super::is_yes("y"));
        assert!(!super::is_yes("") && !super::is_yes("\n") && !super::is_yes("yeah no"));
    }
}
