//! What the filters of a rule do to a request and its answer.

use super::{body::Body, headers, matcher::PathPattern, redirect};
use crate::gateway::table::{Filter, PathRewrite};
use http::{HeaderMap, HeaderValue, Response, Uri, request, uri::PathAndQuery};

/// What the filters changed beyond the request itself.
#[derive(Debug, Default)]
pub struct Filtered {
    /// Host that a URLRewrite asks for; it wins over the backend's own.
    pub host: Option<HeaderValue>,
}

/// Where the filters are applied.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// What matched the path.
    pub matched: &'a PathPattern,
    /// Port of the listener.
    pub listener_port: u16,
    /// Whether URLRewrite is done.
    pub rewrites: bool,
    /// Whether headers are changed.
    pub headers: bool,
    /// Whether a redirect loses the query.
    pub loses_query: bool,
}

/// Changes a request as the filters say; `Err` is an answer that ends it.
pub fn apply(
    filters: &[Filter],
    place: Place<'_>,
    request: &mut request::Parts,
) -> Result<Filtered, Box<Response<Body>>> {
    let mut filtered = Filtered::default();
    for filter in filters {
        match filter {
            Filter::RequestHeaders(change) if place.headers => headers::change(&mut request.headers, change),
            Filter::Rewrite { hostname, path } if place.rewrites => {
                if let Some(path) = path {
                    rewrite(request, &new_path(request.uri.path(), place.matched, path));
                }
                if let Some(host) = hostname.as_deref().and_then(|host| HeaderValue::from_str(host).ok()) {
                    filtered.host = Some(host);
                }
            }
            Filter::Redirect { scheme, hostname, path, port, status } => {
                let target =
                    redirect::Target { scheme: scheme.as_deref(), hostname: hostname.as_deref(), path, port: *port };
                return Err(Box::new(redirect::answer(&target, *status, place, request)));
            }
            Filter::Rewrite { .. } | Filter::RequestHeaders(_) | Filter::ResponseHeaders(_) => {}
        }
    }
    Ok(filtered)
}

/// Changes an answer as the filters say.
pub fn apply_to_answer(filters: &[Filter], answer: &mut HeaderMap) {
    for filter in filters {
        if let Filter::ResponseHeaders(change) = filter {
            headers::change(answer, change);
        }
    }
}

/// Puts a new path in place; the query stays. A path that cannot be one leaves the request as it is.
pub fn rewrite(request: &mut request::Parts, path: &str) {
    let whole = match request.uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    if let Ok(whole) = PathAndQuery::try_from(whole) {
        request.uri = Uri::from(whole);
    }
}

/// Puts a new path and query in place. What cannot be one leaves the request as it is.
pub fn retarget(request: &mut request::Parts, target: &str) {
    if let Ok(target) = PathAndQuery::try_from(target) {
        request.uri = Uri::from(target);
    }
}

/// The path after a rewrite. Source: Gateway API, HTTPPathModifier: slashes between both parts are neither doubled nor lost.
pub fn new_path(path: &str, matched: &PathPattern, change: &PathRewrite) -> String {
    let replacement = match change {
        PathRewrite::Full(full) => return full.clone(),
        PathRewrite::Prefix(prefix) => prefix.trim_end_matches('/'),
    };
    let rest = match matched {
        PathPattern::Prefix(prefix) => path.strip_prefix(prefix.as_str()).unwrap_or(path),
        PathPattern::Exact(_) | PathPattern::Regex(_) => "",
    };
    match (replacement, rest) {
        ("", "") => "/".to_owned(),
        (replacement, rest) => format!("{replacement}{rest}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prefixes_are_replaced_as_the_standard_shows() {
        // The table of HTTPPathModifier `replacePrefixMatch`.
        for (path, prefix, replacement, wanted) in [
            ("/foo/bar", "/foo", "/xyz", "/xyz/bar"),
            ("/foo/bar", "/foo", "/xyz/", "/xyz/bar"),
            ("/foo/bar", "/foo/", "/xyz", "/xyz/bar"),
            ("/foo", "/foo", "/xyz", "/xyz"),
            ("/foo/", "/foo", "/xyz", "/xyz/"),
            ("/foo/bar", "/foo", "", "/bar"),
            ("/foo/", "/foo", "", "/"),
            ("/foo", "/foo", "", "/"),
            ("/foo/", "/foo", "/", "/"),
            ("/foo", "/foo", "/", "/"),
            ("/v1/chat", "/", "/api", "/api/v1/chat"),
        ] {
            let matched = PathPattern::Prefix(prefix.trim_end_matches('/').into());
            let change = PathRewrite::Prefix(replacement.into());
            assert_eq!(new_path(path, &matched, &change), wanted, "{path}: {prefix} to {replacement}");
        }
    }

    proptest! {
        #[test]
        fn a_rewritten_prefix_can_be_rewritten_back(rest in "(/[a-z]{1,4}){0,3}/?", old in "/[a-z]{1,5}", new in "/[a-z]{1,5}") {
            let there = PathRewrite::Prefix(new.clone());
            let back = PathRewrite::Prefix(old.clone());
            let path = format!("{old}{rest}");
            let changed = new_path(&path, &PathPattern::Prefix(old), &there);
            prop_assert_eq!(new_path(&changed, &PathPattern::Prefix(new), &back), path);
        }
    }
}
