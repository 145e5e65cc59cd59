//! Events as plain lines on stderr, where there is no terminal: a line for what has ended, and one for what is waited for.

use super::{lines, print_talk};
use crate::event::{Event, Fact};

/// Prints an event.
pub fn show(event: &Event) {
    match &event.fact {
        Fact::StepWaiting { waits_for, .. } | Fact::DownWaiting { waits_for } => {
            print_talk(&format!("    waiting: {waits_for}"))
        }
        Fact::ScenariosStarted { count, seed, parallel, target } => {
            print_talk(&format!("  {count} scenarios · seed {seed} · {parallel} at a time · {target}"));
        }
        fact => {
            if let Some(text) = lines::lines_of(fact) {
                print_talk(&text);
            }
        }
    }
}
