//! Checks as `doctor` shows them: groups, marks, and under what is wrong the cause and the fix.

use super::{lines::padded, print_data};

/// One check, ready to be shown.
#[derive(Debug, Clone)]
pub struct CheckLine {
    /// Group it belongs to.
    pub group: String,
    /// `✔`, `!`, `✘` or `–`.
    pub mark: char,
    /// Short name.
    pub title: String,
    /// What was found, id included where something is wrong.
    pub detail: String,
    /// What to do about it.
    pub fix: Option<String>,
}

/// Prints checks in their groups.
pub fn print_checks(checks: &[CheckLine]) {
    print_data(&checks_text(checks));
}

fn checks_text(checks: &[CheckLine]) -> String {
    let mut text = String::new();
    let mut group = "";
    for check in checks {
        if check.group != group {
            group = &check.group;
            text += &format!("{group}\n");
        }
        text += &format!("  {} {}{}\n", check.mark, padded(&check.title, 18), check.detail);
        for line in check.fix.iter().flat_map(|fix| fix.lines()) {
            text += &format!("    {}{line}\n", padded("", 18));
        }
    }
    let count = |mark: char| checks.iter().filter(|check| check.mark == mark).count();
    text + &format!("\n{} errors, {} warnings\n", count('✘'), count('!'))
}
