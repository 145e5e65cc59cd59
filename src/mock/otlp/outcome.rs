//! What became of an export.

/// How much of an export was refused.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Outcome {
    /// How many items.
    pub(super) refused: i64,
    /// Why the first of them.
    pub(super) why: String,
}

impl Outcome {
    /// One more is refused.
    pub(super) fn refuse(&mut self, why: &str) {
        self.refused += 1;
        if self.why.is_empty() {
            why.clone_into(&mut self.why);
        }
    }
}
