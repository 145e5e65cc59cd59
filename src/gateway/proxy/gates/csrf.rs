//! Requests that change something, sent by foreign pages. Source: facts/manifests.md 3.2.

use crate::gateway::{
    proxy::{host, refusal::Refusal},
    table::Csrf,
};
use http::{HeaderMap, Method, header, request};

/// Lets a request pass or not.
pub fn check(policy: &Csrf, request: &request::Parts) -> Result<(), Refusal> {
    if matches!(request.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return Ok(());
    }
    let origin = text(&request.headers, header::ORIGIN.as_str()).filter(|origin| *origin != "null");
    let trusted = || origin.is_some_and(|origin| policy.additional_origins.iter().any(|known| known == origin));
    let passes = match text(&request.headers, "sec-fetch-site") {
        Some("same-origin" | "none") => true,
        Some(_) => trusted(),
        None => origin.is_none_or(|origin| is_own(origin, request)) || trusted(),
    };
    if passes { Ok(()) } else { Err(Refusal::foreign_page()) }
}

fn text<'r>(headers: &'r HeaderMap, name: &str) -> Option<&'r str> {
    headers.get(name)?.to_str().ok()
}

/// Whether an origin is the one that the request was sent to.
fn is_own(origin: &str, request: &request::Parts) -> bool {
    let host = host::client_host(&request.uri, &request.headers).unwrap_or_default();
    origin == format!("http://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_foreign_pages_are_refused() {
        let policy = Csrf { additional_origins: vec!["https://friend.test".to_owned()] };
        for (method, headers, passes) in [
            ("POST", vec![("origin", "https://evil.test")], false),
            ("GET", vec![("origin", "https://evil.test")], true),
            ("POST", vec![("sec-fetch-site", "cross-site")], false),
            ("POST", vec![("sec-fetch-site", "cross-site"), ("origin", "https://friend.test")], true),
            ("POST", vec![("sec-fetch-site", "same-origin"), ("origin", "https://evil.test")], true),
            ("POST", vec![("origin", "https://friend.test")], true),
            ("POST", vec![("origin", "http://own.test:8080")], true),
            ("POST", vec![("origin", "null")], true),
            ("POST", vec![], true),
        ] {
            let mut request = http::Request::builder().method(method).header("host", "own.test:8080");
            for (name, value) in &headers {
                request = request.header(*name, *value);
            }
            let request = request.body(()).unwrap().into_parts().0;
            assert_eq!(check(&policy, &request).is_ok(), passes, "{method} {headers:?}");
        }
    }
}
