//! Who may go on.

use crate::exchange::Verdict;
use crate::mock::cue::Cue;

/// The header that decides.
pub(super) const DECIDES: &str = "x-ext-authz";
/// The header that tells what was decided. Source: upstream's own test service, `controller/hack/testbox/extauth.go`.
const RESULT: &str = "x-ext-authz-check-result";
/// The body of a refusal; the same source.
const REFUSAL: &str = "denied by ext_authz for not found header `x-ext-authz: allow` in the request";
/// Paths under it are open to all.
const OPEN: &str = "/public/";

/// What is said to a request with this path, and this value of the header that decides. Headers of the verdict tell it.
pub(super) fn verdict(cue: &Cue, path: &str, decides: Option<&str>) -> Verdict {
    let mut verdict = cue.orders.verdicts.next().unwrap_or_else(|| Verdict {
        allow: decides.map_or(path.starts_with(OPEN), |value| value == "allow"),
        ..Verdict::default()
    });
    let result = if verdict.allow { "allowed" } else { "denied" };
    if !verdict.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case(RESULT)) {
        verdict.headers.push((RESULT.to_owned(), result.to_owned()));
    }
    if !verdict.allow && verdict.body.is_none() {
        verdict.body = Some(REFUSAL.to_owned());
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_decides_and_some_paths_are_open() {
        let allowed = |path: &str, decides: Option<&str>| verdict(&Cue::default(), path, decides).allow;
        assert!(allowed("/chat", Some("allow")) && allowed("/public/a", None));
        assert!(!allowed("/chat", None) && !allowed("/public/a", Some("deny")) && !allowed("/publicity", None));
    }
}
