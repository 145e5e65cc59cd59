//! What has to be done to a helm release, decided from what was observed.

use super::{Mark, RevisionState, Revisions};

/// What has to be done to a helm release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextMove {
    /// It is as wanted.
    Nothing,
    /// Install or upgrade it.
    Apply,
    /// An interruption left it without any revision that was in force: remove it, then install.
    UninstallThenApply,
    /// An interruption left it pending: back to the revision that was in force, then upgrade.
    RollbackThenApply(u32),
}

/// Decides. Pending is never waited for: the caller holds the claim of the sandbox and has ended what an earlier run
/// left behind, so nobody is at work on it.
pub fn next_move(found: Option<&Revisions>, wanted: &Mark) -> NextMove {
    let Some(found) = found else { return NextMove::Apply };
    match (found.state, found.last_good) {
        (RevisionState::Deployed, _) if found.mark.as_ref() == Some(wanted) => NextMove::Nothing,
        (RevisionState::Pending, Some(good)) => NextMove::RollbackThenApply(good),
        (RevisionState::Pending, None) | (RevisionState::Uninstalling, _) => NextMove::UninstallThenApply,
        _ => NextMove::Apply,
    }
}

#[cfg(test)]
mod tests {
    use super::{NextMove, next_move};
    use crate::chart::{Digest, Mark, RevisionState, Revisions};
    use serde_json::json;

    fn mark(chart: &str) -> Mark {
        Mark::of(&Digest::of(chart.as_bytes()), &json!({}))
    }

    fn found(newest: u32, state: RevisionState, last_good: Option<u32>) -> Revisions {
        Revisions { newest, state, mark: Some(mark("a")), manifest: String::new(), last_good }
    }

    #[test]
    fn only_what_is_as_wanted_is_left_alone() {
        assert_eq!(next_move(None, &mark("a")), NextMove::Apply);
        let there = found(1, RevisionState::Deployed, None);
        assert_eq!(next_move(Some(&there), &mark("a")), NextMove::Nothing);
        assert_eq!(next_move(Some(&there), &mark("b")), NextMove::Apply);
        let foreign = super::Revisions { mark: None, ..there };
        assert_eq!(next_move(Some(&foreign), &mark("a")), NextMove::Apply);
        for state in [RevisionState::Failed, RevisionState::Superseded, RevisionState::Uninstalled] {
            assert_eq!(next_move(Some(&found(1, state, None)), &mark("a")), NextMove::Apply, "{state:?}");
        }
    }

    #[test]
    fn what_was_interrupted_is_recovered() {
        let pending = RevisionState::Pending;
        assert_eq!(next_move(Some(&found(1, pending, None)), &mark("a")), NextMove::UninstallThenApply);
        assert_eq!(next_move(Some(&found(3, pending, Some(2))), &mark("a")), NextMove::RollbackThenApply(2));
        assert_eq!(next_move(Some(&found(3, pending, None)), &mark("a")), NextMove::UninstallThenApply);
        let leaving = found(2, RevisionState::Uninstalling, Some(1));
        assert_eq!(next_move(Some(&leaving), &mark("a")), NextMove::UninstallThenApply);
    }
}
