//! What a lane wants of the services that a gateway's policies call.

use super::script::Script;
use crate::exchange::{Behaviour, Guard, GuardAction, Limit, Mutation, Processing, Verdict};
use http::{HeaderName, HeaderValue};

/// How many verdicts, or limits, there may be.
const MOST: usize = 256;

/// What a lane wants of the services that a gateway's policies call; by default that they keep to their own rules.
#[derive(Debug, Default)]
pub(super) struct Orders {
    /// What the authorization services say.
    pub(super) verdicts: Script<Verdict>,
    /// What the external processor does.
    pub(super) processing: Option<Processing>,
    /// What the rate limit service counts.
    pub(super) limits: Option<Vec<Limit>>,
    /// What the guardrail does.
    pub(super) guard: Option<Guard>,
}

impl Orders {
    /// The orders in a behaviour; the error says what cannot be done.
    pub(super) fn of(behaviour: &Behaviour) -> Result<Self, String> {
        behaviour.verdicts.iter().try_for_each(check_verdict)?;
        if let Some(processing) = &behaviour.processing {
            check_mutation(&processing.request)?;
            check_mutation(&processing.response)?;
        }
        if let Some(guard) = &behaviour.guard {
            check_action(&guard.request)?;
            check_action(&guard.response)?;
        }
        if behaviour.verdicts.len() > MOST || behaviour.limits.as_ref().is_some_and(|limits| limits.len() > MOST) {
            return Err(format!("`verdicts` and `limits` are at most {MOST} each."));
        }
        Ok(Self {
            verdicts: Script::of(&behaviour.verdicts),
            processing: behaviour.processing.clone(),
            limits: behaviour.limits.clone(),
            guard: behaviour.guard.clone(),
        })
    }
}

fn check_verdict(verdict: &Verdict) -> Result<(), String> {
    verdict.status.map_or(Ok(()), |status| check_status("verdict", status))?;
    let headers = verdict.headers.iter().chain(&verdict.response_headers);
    headers.map(|(name, value)| (name, value)).try_for_each(check_header)?;
    verdict.remove_headers.iter().try_for_each(|name| check_name(name))
}

fn check_mutation(mutation: &Mutation) -> Result<(), String> {
    let headers = mutation.add_headers.iter().chain(&mutation.set_headers).chain(&mutation.set_trailers);
    headers.chain(mutation.immediate.iter().flat_map(|immediate| &immediate.headers)).try_for_each(check_header)?;
    mutation.remove_headers.iter().try_for_each(|name| check_name(name))?;
    mutation.immediate.as_ref().map_or(Ok(()), |immediate| check_status("immediate answer", immediate.status))
}

fn check_action(action: &GuardAction) -> Result<(), String> {
    match action {
        GuardAction::Reject(rejection) => check_status("rejection", rejection.status),
        GuardAction::Mask(words) if words.contains_key("") => Err("`mask` replaces words, not nothing.".to_owned()),
        _ => Ok(()),
    }
}

fn check_status(what: &str, status: u16) -> Result<(), String> {
    // Between these a gateway can answer.
    if (200..=599).contains(&status) {
        Ok(())
    } else {
        Err(format!("`status` of a {what} is 200 to 599, not {status}."))
    }
}

fn check_header((name, value): (&String, &String)) -> Result<(), String> {
    check_name(name)?;
    match HeaderValue::try_from(value) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("`{name}: {value}` is not an HTTP header.")),
    }
}

/// Pseudo headers such as `:path` can be changed too.
fn check_name(name: &str) -> Result<(), String> {
    match HeaderName::try_from(name.strip_prefix(':').unwrap_or(name)) {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("`{name}` is not the name of an HTTP header.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_done_is_refused() {
        let refused = |yaml: &str| Orders::of(&serde_yaml::from_str(yaml).unwrap()).err();
        for (yaml, word) in [
            ("verdicts: [{status: 42}]", "200 to 599"),
            ("verdicts: [{headers: [[a b, c]]}]", "name of an HTTP header"),
            ("processing: {request: {setHeaders: {a: \"b\\nc\"}}}", "HTTP header"),
            ("processing: {response: {immediate: {status: 1000}}}", "200 to 599"),
            ("guard: {request: {reject: {status: 99}}}", "200 to 599"),
            ("guard: {response: {mask: {\"\": x}}}", "not nothing"),
        ] {
            assert!(refused(yaml).is_some_and(|message| message.contains(word)), "{yaml}: {:?}", refused(yaml));
        }
        assert_eq!(refused("processing: {request: {setHeaders: {\":path\": /x}}}"), None);
    }
}
