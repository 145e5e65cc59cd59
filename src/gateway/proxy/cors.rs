//! Cross-origin requests. Source: facts/proxy.md 4 "CORS" and facts/manifests.md 3.2.

use super::body::Body;
use crate::gateway::table::Cors;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, header, request};

/// What CORS means for one request.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Headers for its answer, whoever gives it.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Whether it is a preflight, answered here and now.
    pub preflight: bool,
}

/// Looks at a request. Without an Origin there is nothing to say.
pub fn judge(cors: &Cors, request: &request::Parts) -> Verdict {
    let Some(origin) = request.headers.get(header::ORIGIN) else { return Verdict::default() };
    let preflight = request.method == Method::OPTIONS;
    if !origin.to_str().is_ok_and(|origin| cors.allow_origins.iter().any(|allowed| is_allowed(allowed, origin))) {
        return Verdict { headers: Vec::new(), preflight };
    }
    let mut headers = vec![(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone())];
    if preflight {
        let asked = |name| request.headers.get(name);
        let methods = listed(&cors.allow_methods, asked(header::ACCESS_CONTROL_REQUEST_METHOD));
        let names = listed(&cors.allow_headers, asked(header::ACCESS_CONTROL_REQUEST_HEADERS));
        headers.extend(methods.map(|value| (header::ACCESS_CONTROL_ALLOW_METHODS, value)));
        headers.extend(names.map(|value| (header::ACCESS_CONTROL_ALLOW_HEADERS, value)));
        headers.push((header::ACCESS_CONTROL_MAX_AGE, cors.max_age.into()));
    }
    if cors.allow_credentials {
        headers.push((header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true")));
    }
    let exposed = listed(&cors.expose_headers, None);
    headers.extend(exposed.map(|value| (header::ACCESS_CONTROL_EXPOSE_HEADERS, value)));
    Verdict { headers, preflight }
}

impl Verdict {
    /// The answer to a preflight, without its CORS headers.
    pub fn preflight_answer() -> Response<Body> {
        Response::new(Body::empty())
    }

    /// Puts the headers on an answer in place of the backend's own.
    pub fn apply(self, answer: &mut HeaderMap) {
        for (name, value) in self.headers {
            answer.insert(name, value);
        }
    }
}

/// The configured list; a `*` in it stands for what was asked.
fn listed(values: &[String], asked: Option<&HeaderValue>) -> Option<HeaderValue> {
    if values.iter().any(|value| value == "*") {
        return asked.cloned().or_else(|| Some(HeaderValue::from_static("*")));
    }
    if values.is_empty() {
        return None;
    }
    HeaderValue::from_str(&values.join(",")).ok()
}

/// An origin may have one `*` for any run of characters.
fn is_allowed(allowed: &str, origin: &str) -> bool {
    match allowed.split_once('*') {
        None => allowed == origin,
        Some((before, after)) => {
            origin.len() >= before.len() + after.len() && origin.starts_with(before) && origin.ends_with(after)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    fn said(cors: &Cors, method: &str, origin: &str) -> String {
        let request = http::Request::builder()
            .method(method)
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", "x-a")
            .body(())
            .unwrap();
        let verdict = judge(cors, &request.into_parts().0);
        let headers = verdict.headers.iter().map(|(name, value)| {
            format!("{}: {}", name.as_str().trim_start_matches("access-control-"), value.to_str().unwrap())
        });
        headers.collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn answers_are_as_measured() {
        let some = Cors {
            allow_origins: texts(&["https://app.test", "https://*.wild.test"]),
            allow_methods: texts(&["GET", "POST"]),
            allow_headers: texts(&["content-type", "x-one"]),
            expose_headers: texts(&["x-out"]),
            allow_credentials: false,
            max_age: 100,
        };
        let all = Cors {
            allow_origins: texts(&["*"]),
            allow_methods: texts(&["*"]),
            allow_headers: texts(&["*"]),
            expose_headers: vec![],
            allow_credentials: true,
            max_age: 5,
        };
        let preflight = |origin: &str| {
            format!(
                "allow-origin: {origin}; allow-methods: GET,POST; allow-headers: content-type,x-one; max-age: 100; expose-headers: x-out"
            )
        };
        assert_eq!(said(&some, "OPTIONS", "https://app.test"), preflight("https://app.test"));
        assert_eq!(said(&some, "OPTIONS", "https://a.wild.test"), preflight("https://a.wild.test"));
        assert_eq!(said(&some, "OPTIONS", "https://evil.test"), "");
        assert_eq!(said(&some, "GET", "https://app.test"), "allow-origin: https://app.test; expose-headers: x-out");
        assert_eq!(
            said(&all, "OPTIONS", "https://any.test"),
            "allow-origin: https://any.test; allow-methods: PUT; allow-headers: x-a; max-age: 5; allow-credentials: true"
        );
    }
}
