//! Headers on their way through. Source: facts/proxy.md 3.1.

use crate::gateway::table::HeaderChange;
use http::{HeaderMap, HeaderName, HeaderValue, header};

const KEEP_ALIVE: HeaderName = HeaderName::from_static("keep-alive");
const PROXY_CONNECTION: HeaderName = HeaderName::from_static("proxy-connection");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Takes away what belongs to one connection only, and what the Connection header names. `te: trailers` stays.
pub fn strip_hop_by_hop(headers: &mut HeaderMap) {
    if headers.contains_key(header::CONNECTION) {
        let named: Vec<HeaderName> = headers
            .get_all(header::CONNECTION)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|name| name.trim().parse().ok())
            .filter(|name| *name != header::TE)
            .collect();
        for name in named {
            headers.remove(name);
        }
        headers.remove(header::CONNECTION);
    }
    for name in [KEEP_ALIVE, PROXY_CONNECTION, header::PROXY_AUTHORIZATION, header::TRANSFER_ENCODING, header::UPGRADE]
    {
        headers.remove(name);
    }
    if headers.get(header::TE).is_some_and(|value| value != "trailers") {
        headers.remove(header::TE);
    }
}

/// Gives a trace the span of this hop: same trace id, new span id.
pub fn renew_span(headers: &mut HeaderMap) {
    let Some(traceparent) = headers.get(&TRACEPARENT).and_then(|value| value.to_str().ok()) else { return };
    let parts: Vec<&str> = traceparent.split('-').collect();
    let [version, trace, span, flags] = parts[..] else { return };
    if trace.len() != 32 || span.len() != 16 {
        return;
    }
    // A span id of zeros would be no id at all.
    let span = rand::random::<u64>().max(1);
    if let Ok(value) = HeaderValue::from_str(&format!("{version}-{trace}-{span:016x}-{flags}")) {
        headers.insert(TRACEPARENT, value);
    }
}

/// Does what a header modifier says; what is no header at all is left out.
pub fn change(headers: &mut HeaderMap, change: &HeaderChange) {
    for (name, value) in &change.set {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    for (name, value) in &change.add {
        if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
            headers.append(name, value);
        }
    }
    for name in &change.remove {
        headers.remove(name.as_str());
    }
}

/// A value that must not show up in logs.
pub fn secret(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn one_hop_headers_end_here_and_others_go_on() {
        let mut given = headers(&[
            ("connection", "close, X-Mine, te"),
            ("x-mine", "1"),
            ("keep-alive", "timeout=5"),
            ("proxy-authorization", "Basic x"),
            ("te", "trailers"),
            ("via", "1.1 other"),
            ("x-forwarded-for", "10.0.0.1"),
        ]);
        strip_hop_by_hop(&mut given);
        let left = headers(&[("te", "trailers"), ("via", "1.1 other"), ("x-forwarded-for", "10.0.0.1")]);
        assert_eq!(given, left);
    }

    #[test]
    fn a_trace_gets_a_new_span() {
        let before = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let mut given = headers(&[("traceparent", before)]);
        renew_span(&mut given);
        let after = given["traceparent"].to_str().unwrap();
        assert_ne!(after, before);
        assert_eq!((&after[..36], &after[52..], after.len()), (&before[..36], &before[52..], before.len()));
    }
}
