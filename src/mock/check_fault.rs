//! Which faults cannot be done.

use crate::exchange::{Fault, Moment};
use http::{HeaderName, HeaderValue};
use json_patch::PatchOperation;
use serde::Deserialize;

/// The longest delay that a fault may ask for: ten minutes, in milliseconds.
const LONGEST_DELAY_MS: u64 = 600_000;
/// The largest body that a fault may blow an answer up to, in bytes.
const LARGEST_BODY: u64 = 1024 * 1024 * 1024;

/// The error says what cannot be done.
pub(super) fn check(fault: &Fault) -> Result<(), String> {
    statuses(fault)?;
    if let Some(delay) = fault.delay_ms.filter(|delay| *delay > LONGEST_DELAY_MS) {
        return Err(format!("`delayMs` of a fault is at most {LONGEST_DELAY_MS}, not {delay}."));
    }
    if let Some(probability) = fault.probability.filter(|probability| !(0.0..=1.0).contains(probability)) {
        return Err(format!("`probability` of a fault is 0 to 1, not {probability}."));
    }
    if fault.nth == Some(0) {
        return Err("`nth` of a fault counts from 1.".to_owned());
    }
    if fault.drip.is_some_and(|drip| drip.bytes == 0 || drip.every_ms > LONGEST_DELAY_MS) {
        return Err(format!("`drip` has at least 1 for `bytes` and at most {LONGEST_DELAY_MS} for `everyMs`."));
    }
    if let Some(size) = fault.oversize.filter(|size| *size > LARGEST_BODY) {
        return Err(format!("`oversize` of a fault is at most {LARGEST_BODY}, not {size}."));
    }
    if let Some(change) = fault.patch.iter().find(|change| PatchOperation::deserialize(*change).is_err()) {
        return Err(format!("`patch` has changes as in RFC 6902, which {change} is not."));
    }
    if fault.truncate == Some(Moment::BeforeHeaders) {
        return Err("`truncate` ends a body, so it cannot be `beforeHeaders`.".to_owned());
    }
    headers(fault)
}

fn statuses(fault: &Fault) -> Result<(), String> {
    // A body, a page or nothing may come with any status; the vendor's own words are those of an error.
    let has_own_body = fault.body.is_some() || fault.html || fault.empty;
    let lowest = if has_own_body { 200 } else { 400 };
    if let Some(status) = fault.status.filter(|status| !(lowest..=599).contains(status)) {
        return Err(format!("`status` of a fault is {lowest} to 599, not {status}."));
    }
    match fault.error_event.and_then(|event| event.status).filter(|status| !(400..=599).contains(status)) {
        Some(status) => Err(format!("`status` of an error event is 400 to 599, not {status}.")),
        None => Ok(()),
    }
}

fn headers(fault: &Fault) -> Result<(), String> {
    for (name, value) in fault.headers.iter().chain(&fault.trailers) {
        if HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err() {
            return Err(format!("`{name}: {value}` is not an HTTP header."));
        }
    }
    match &fault.content_type {
        Some(value) if HeaderValue::try_from(value).is_err() => Err(format!("`{value}` cannot be a content type.")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_done_is_refused() {
        let refused = |yaml: &str| check(&serde_yaml::from_str::<Fault>(yaml).unwrap()).err();
        for (yaml, word) in [
            ("{status: 99}", "400 to 599"),
            ("{status: 99, empty: true}", "200 to 599"),
            ("{status: 500, headers: [[a b, c]]}", "HTTP header"),
            ("{delayMs: 600001}", "delayMs"),
            ("{probability: 1.5}", "probability"),
            ("{patch: [{op: surprise}]}", "RFC 6902"),
            ("{trailers: [[a b, c]]}", "HTTP header"),
            ("{nth: 0}", "counts from 1"),
            ("{drip: {bytes: 0}}", "drip"),
            ("{truncate: beforeHeaders}", "truncate"),
            ("{errorEvent: {afterEvents: 1, status: 200}}", "error event"),
        ] {
            assert!(refused(yaml).is_some_and(|message| message.contains(word)), "{yaml}");
        }
        assert_eq!(refused("{status: 200, empty: true, cut: {afterEvents: 2}, hang: afterHeaders}"), None);
        assert!(serde_yaml::from_str::<Fault>("{surprise: 1}").is_err());
    }
}
