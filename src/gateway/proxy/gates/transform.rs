//! Requests and answers made anew by expressions. Source: facts/manifests.md 3.4.

use super::chain::{known, look};
use crate::gateway::{
    proxy::{body::Body, refusal::Refusal, scope::Scope},
    table::Transform,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, Uri, header, request, uri::PathAndQuery};

/// Answer that expressions may look at.
const LARGEST_SEEN: usize = 2 * 1024 * 1024;

/// Changes a request. All expressions see it as it came.
pub async fn request(wanted: &Transform, request: &mut request::Parts, body: Body) -> Result<Body, Refusal> {
    let (scope, body) = look(request, body, reads(wanted, "request.body")).await?;
    let made = Made::of(wanted, &scope);
    for (name, value) in &made.set {
        match name.as_str() {
            // The path takes the whole target: a query that is not in it is lost.
            ":path" => {
                if let Ok(target) = PathAndQuery::try_from(value.as_str()) {
                    request.uri = Uri::from(target);
                }
            }
            ":method" => {
                if let Ok(method) = Method::from_bytes(value.as_bytes()) {
                    request.method = method;
                }
            }
            ":authority" => {
                if let Ok(host) = HeaderValue::from_str(value) {
                    request.headers.insert(header::HOST, host);
                }
            }
            name => set(&mut request.headers, name, value),
        }
    }
    made.rest(wanted, &mut request.headers);
    Ok(match made.body {
        Some(text) => known(request, text.into()),
        None => body,
    })
}

/// Changes an answer; `seen` is the request that it answers.
pub async fn answer(
    wanted: &Transform,
    seen: &request::Parts,
    response: Response<Body>,
) -> Result<Response<Body>, Refusal> {
    let (mut head, mut body) = response.into_parts();
    let mut bytes = None;
    if reads(wanted, "response.body") {
        let read = body.collect(LARGEST_SEEN).await.map_err(Refusal::unreadable_response)?;
        bytes = Some(read.clone());
        body = read.into();
    }
    let scope = Scope::of(seen, None).and_answer(head.status.as_u16(), &head.headers, bytes.as_ref());
    let made = Made::of(wanted, &scope);
    for (name, value) in &made.set {
        match (name.as_str(), value.parse()) {
            (":status", Ok(status)) => head.status = status,
            (name, _) => set(&mut head.headers, name, value),
        }
    }
    made.rest(wanted, &mut head.headers);
    if let Some(text) = made.body {
        head.headers.insert(header::CONTENT_LENGTH, text.len().into());
        body = text.into();
    }
    Ok(Response::from_parts(head, body))
}

fn reads(wanted: &Transform, what: &str) -> bool {
    let headers = wanted.set.iter().chain(&wanted.add).map(|(_, value)| value);
    headers.chain(&wanted.body).any(|expression| expression.mentions(what))
}

/// What the expressions say; one without a value changes nothing.
struct Made {
    set: Vec<(String, String)>,
    add: Vec<(String, String)>,
    body: Option<String>,
}

impl Made {
    fn of(wanted: &Transform, scope: &Scope) -> Self {
        let values = |list: &[(String, _)]| {
            list.iter().filter_map(|(name, value)| Some((name.clone(), scope.text(value)?))).collect()
        };
        Self {
            set: values(&wanted.set),
            add: values(&wanted.add),
            body: wanted.body.as_ref().and_then(|body| scope.text(body)),
        }
    }

    fn rest(&self, wanted: &Transform, headers: &mut HeaderMap) {
        for (name, value) in &self.add {
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                headers.append(name, value);
            }
        }
        for name in &wanted.remove {
            headers.remove(name.as_str());
        }
    }
}

fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
        headers.insert(name, value);
    }
}
