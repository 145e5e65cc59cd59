//! Prompt guards. Source: facts/manifests.md 4.1 and 4.2.

use super::{builtin, texts, webhook};
use crate::gateway::{
    Mutant,
    proxy::{call::Call, refusal::Refusal},
    table::{Guard, GuardKind, GuardRule, Rejection},
};
use http::request;
use serde_json::Value;

/// What a guard makes of an answer.
pub enum Change {
    /// Some of it is hidden.
    Masked,
    /// Another one stands in its place.
    Replaced(Rejection),
}

/// What a guard made of a body.
pub enum Outcome {
    /// It may pass.
    Allowed,
    /// It may pass, and some of it is hidden.
    Masked,
    /// It may not pass.
    Rejected(Rejection),
    /// It was not looked at, because whoever should was not there.
    FailedOpen,
}

/// Shows a request to its guards, who may change it. The first refusal counts.
pub async fn request(
    call: &Call<'_>,
    guards: &[Guard],
    request: &request::Parts,
    body: &mut Value,
) -> Result<(), Refusal> {
    for guard in guards {
        let outcome = match &guard.kind {
            GuardKind::Regex { rejects, rules } => {
                if call.acting.is(Mutant::MaskIgnored) && !rejects {
                    continue;
                }
                let mut walk = |show: &mut dyn FnMut(&mut String)| texts::of_request(body, show);
                by_patterns(*rejects, rules, &guard.rejection, &mut walk)
            }
            GuardKind::Webhook(service) => webhook::request(call, service, request, body).await?,
        };
        tell(call, "Request", &outcome);
        if let Outcome::Rejected(rejection) = outcome {
            return Err(Refusal::Guarded { guard: name(guard), rejection });
        }
    }
    Ok(())
}

/// Shows an answer to its guards, who may change it or put another one in its place.
pub async fn answer(
    call: &Call<'_>,
    guards: &[Guard],
    client: &request::Parts,
    body: &mut Value,
) -> Result<Option<Change>, Refusal> {
    let mut change = None;
    for guard in guards {
        let outcome = match &guard.kind {
            GuardKind::Regex { rejects, rules } => {
                let mut walk = |show: &mut dyn FnMut(&mut String)| texts::of_answer(body, show);
                by_patterns(*rejects, rules, &guard.rejection, &mut walk)
            }
            GuardKind::Webhook(service) => webhook::answer(call, service, client, body).await?,
        };
        tell(call, "Response", &outcome);
        match outcome {
            Outcome::Rejected(rejection) => return Ok(Some(Change::Replaced(rejection))),
            Outcome::Masked => change = Some(Change::Masked),
            Outcome::Allowed | Outcome::FailedOpen => {}
        }
    }
    Ok(change)
}

/// Whether a piece of text may not pass one of these guards; what the client is told then.
pub fn forbids(guards: &[Guard], text: &str) -> Option<Rejection> {
    guards.iter().find_map(|guard| match &guard.kind {
        GuardKind::Regex { rejects: true, rules } if matches(rules, text) => Some(guard.rejection.clone()),
        _ => None,
    })
}

fn tell(call: &Call<'_>, phase: &'static str, outcome: &Outcome) {
    let action = match outcome {
        Outcome::Allowed => "Allow",
        Outcome::Masked => "Mask",
        Outcome::Rejected(_) => "Reject",
        Outcome::FailedOpen => "FailOpen",
    };
    call.account.telemetry().guardrail_check(phase, action);
}

fn name(guard: &Guard) -> &'static str {
    match guard.kind {
        GuardKind::Regex { .. } => "regex",
        GuardKind::Webhook(_) => "webhook",
    }
}

/// Walks over texts, showing each.
type Walk<'w> = &'w mut dyn FnMut(&mut dyn FnMut(&mut String));

fn by_patterns(rejects: bool, rules: &[GuardRule], rejection: &Rejection, walk: Walk<'_>) -> Outcome {
    let (mut met, mut masked) = (false, false);
    walk(&mut |text| {
        if rejects {
            met |= matches(rules, text);
        } else if let Some(hidden) = hidden(rules, text) {
            *text = hidden;
            masked = true;
        }
    });
    match (met, masked) {
        (true, _) => Outcome::Rejected(rejection.clone()),
        (_, true) => Outcome::Masked,
        _ => Outcome::Allowed,
    }
}

fn matches(rules: &[GuardRule], text: &str) -> bool {
    rules.iter().any(|rule| match rule {
        GuardRule::Custom(pattern) => pattern.regex().is_match(text),
        GuardRule::Builtin(builtin) => !builtin::find(*builtin, text).is_empty(),
    })
}

/// The text with everything hidden that the rules find, one rule after the other; `None` where nothing is.
fn hidden(rules: &[GuardRule], text: &str) -> Option<String> {
    let mut working: Option<String> = None;
    for rule in rules {
        let seen = working.as_deref().unwrap_or(text);
        let (found, replacement) = match rule {
            GuardRule::Builtin(builtin) => (builtin::find(*builtin, seen), builtin::replacement(*builtin)),
            GuardRule::Custom(pattern) => {
                let found = pattern.regex().find_iter(seen).map(|found| found.range());
                (found.filter(|range| !range.is_empty()).collect(), "<masked>")
            }
        };
        if found.is_empty() {
            continue;
        }
        let mut changed = seen.to_owned();
        // From the end, so that places stay where they are.
        found.into_iter().rev().for_each(|range| changed.replace_range(range, replacement));
        working = Some(changed);
    }
    working
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::{Builtin, Pattern};

    fn builtins(builtins: &[Builtin]) -> Vec<GuardRule> {
        builtins.iter().map(|builtin| GuardRule::Builtin(*builtin)).collect()
    }

    #[test]
    fn what_is_hidden_is_as_measured() {
        use Builtin::{CaSin, CreditCard, Email, PhoneNumber, Ssn};
        let all = builtins(&[Email, Ssn, CreditCard, PhoneNumber, CaSin]);
        let text = "mail joe@example.com ssn 123-45-6789 card 4111111111111111 phone 415-555-0132 sin 046 454 286 end";
        let wanted = "mail <EMAIL_ADDRESS> ssn <SSN> card <CREDIT_CARD> phone <PHONE_NUMBER>sin <PHONE_NUMBER>end";
        assert_eq!(hidden(&all, text).as_deref(), Some(wanted));
        assert_eq!(hidden(&builtins(&[CaSin]), "sin 046 454 286 end").as_deref(), Some("sin <CA_SIN> end"));
        let custom = vec![GuardRule::Custom(Pattern::new("tok-[0-9]+|z*").unwrap())];
        assert_eq!(hidden(&custom, "use tok-123 and tok-4").as_deref(), Some("use <masked> and <masked>"));
        assert_eq!(hidden(&all, "nothing to hide"), None);
        let falcon = [GuardRule::Custom(Pattern::new(r"(?i)project\s+falcon").unwrap())];
        assert!(matches(&falcon, "Project  Falcon") && !matches(&falcon, "falcon"));
        assert!(matches(&builtins(&[Ssn]), "123-45-6789"));
    }
}
