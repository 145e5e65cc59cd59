//! The matrix of an audit, as tables.

use super::Table;
use crate::event::Matrix;

/// Mutants with what they kill, scenarios with what kills them, and what is missing.
pub fn matrix_text(matrix: &Matrix) -> String {
    let mut mutants = Table::headed(&["MUTANT", "KILLS", "WHICH"]);
    for mutant in &matrix.mutants {
        let broad = if mutant.broad { " (broad: does not count)" } else { "" };
        mutants.row([mutant.name.clone(), format!("{}{broad}", mutant.kills.len()), mutant.kills.join(" ")]);
    }
    let mut scenarios = Table::headed(&["SCENARIO", "CAPABILITY", "OWN", "KILLED BY"]);
    for row in &matrix.scenarios {
        let killers = match (&row.skipped, row.healthy) {
            (Some(reason), _) => format!("skipped: {reason}"),
            (None, false) => "fails without a mutant".to_owned(),
            (None, true) => row.killers.join(" "),
        };
        scenarios.row([row.id.as_str(), &row.capability, if row.own { "yes" } else { "-" }, &killers]);
    }
    let survivors: Vec<&str> = matrix.survivors().map(|mutant| mutant.name.as_str()).collect();
    let idle: Vec<&str> = matrix.idle().map(|row| row.id.as_str()).collect();
    let none = |list: Vec<&str>| if list.is_empty() { "none".to_owned() } else { list.join(" ") };
    let skipped = matrix.scenarios.iter().filter(|row| row.skipped.is_some()).count();
    format!(
        "{mutants}\n{scenarios}\n  survivors  {}\n  idle       {}\n\n  {} scenarios ({skipped} skipped) · {} mutants · {:.1} s\n",
        none(survivors),
        none(idle),
        matrix.scenarios.len(),
        matrix.mutants.len(),
        matrix.seconds,
    )
}
