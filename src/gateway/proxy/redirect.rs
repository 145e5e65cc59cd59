//! RequestRedirect. Source: Gateway API, HTTPRequestRedirectFilter; facts/manifests.md 3.5.

use super::{
    body::Body,
    filter::{Place, new_path},
    host::{client_host, without_port},
};
use crate::gateway::table::PathRewrite;
use http::{HeaderValue, Response, StatusCode, header, request};

/// What a redirect changes about the URL; the rest stays.
pub struct Target<'a> {
    /// Scheme.
    pub scheme: Option<&'a str>,
    /// Host.
    pub hostname: Option<&'a str>,
    /// Path.
    pub path: &'a Option<PathRewrite>,
    /// Port.
    pub port: Option<u16>,
}

/// The answer that sends a client elsewhere; the query goes along.
pub fn answer(target: &Target<'_>, status: u16, place: Place<'_>, request: &request::Parts) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::FOUND);
    if let Ok(location) = HeaderValue::from_str(&location(target, place, request)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn location(target: &Target<'_>, place: Place<'_>, request: &request::Parts) -> String {
    let asked = client_host(&request.uri, &request.headers).map(without_port).unwrap_or_default();
    let name = target.hostname.unwrap_or(asked);
    let scheme = target.scheme.unwrap_or("http");
    let port = match (target.port, target.scheme) {
        (Some(port), _) => Some(port),
        // A new scheme brings its own port.
        (None, Some(_)) => None,
        (None, None) => Some(place.listener_port),
    };
    let well_known = matches!((scheme, port), ("http", Some(80)) | ("https", Some(443)));
    let port = port.filter(|_| !well_known).map(|port| format!(":{port}")).unwrap_or_default();
    let path = match target.path {
        Some(change) => new_path(request.uri.path(), place.matched, change),
        None => request.uri.path().to_owned(),
    };
    let query = request.uri.query().filter(|_| !place.loses_query).map(|query| format!("?{query}")).unwrap_or_default();
    format!("{scheme}://{name}{port}{path}{query}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::proxy::matcher::PathPattern;

    #[test]
    fn ports_follow_the_standard() {
        let (http, https) = (Some("http"), Some("https"));
        for (scheme, hostname, port, listener_port, wanted) in [
            (https, Some("x.example"), None, 8080, "https://x.example/go?b=1"),
            (https, None, None, 8080, "https://a.test/go?b=1"),
            (https, None, Some(8443), 80, "https://a.test:8443/go?b=1"),
            (http, None, None, 8080, "http://a.test/go?b=1"),
            (None, Some("x.example"), None, 8080, "http://x.example:8080/go?b=1"),
            (None, Some("x.example"), None, 80, "http://x.example/go?b=1"),
            (None, None, Some(80), 8080, "http://a.test/go?b=1"),
        ] {
            let request = http::Request::builder().uri("/go?b=1").header("host", "a.test:30080").body(()).unwrap();
            let matched = PathPattern::Exact("/go".into());
            let place = Place { matched: &matched, listener_port, rewrites: true, headers: true, loses_query: false };
            let target = Target { scheme, hostname, path: &None, port };
            assert_eq!(location(&target, place, &request.into_parts().0), wanted);
        }
    }
}
