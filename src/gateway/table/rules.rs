//! CEL rules that decide who or what gets through.

/// Rules as they were written. What none of them speaks of passes, unless there are rules that allow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Rules {
    /// One of these must hold, where there are any (`action: Allow`).
    pub allow: Vec<String>,
    /// None of these may hold (`action: Deny`).
    pub deny: Vec<String>,
    /// All of these must hold (`action: Require`).
    pub require: Vec<String>,
}

impl Rules {
    /// Both: rules of several policies all hold.
    pub fn and(mut self, other: &Self) -> Self {
        for (mine, theirs) in
            [(&mut self.allow, &other.allow), (&mut self.deny, &other.deny), (&mut self.require, &other.require)]
        {
            mine.extend(theirs.iter().cloned());
        }
        self
    }
}
