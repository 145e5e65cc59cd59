//! Where credentials are in a request, and how they are taken out of it.

use crate::gateway::table::TokenLocation;
use http::{HeaderMap, HeaderValue, Uri, header, request, uri::PathAndQuery};

/// What is found there.
pub fn find(location: &TokenLocation, request: &request::Parts) -> Option<String> {
    match location {
        TokenLocation::Header(name, prefix) => {
            let value = request.headers.get(name.as_str())?.to_str().ok()?;
            let (start, rest) = value.split_at_checked(prefix.len())?;
            start.eq_ignore_ascii_case(prefix).then(|| rest.trim_start().to_owned())
        }
        TokenLocation::Cookie(name) => {
            cookies(&request.headers).find_map(|(known, value)| (known == name).then(|| value.to_owned()))
        }
        TokenLocation::Query(name) => {
            let mut pairs = form_urlencoded::parse(request.uri.query()?.as_bytes());
            pairs.find_map(|(known, value)| (known == *name).then(|| value.into_owned()))
        }
    }
}

/// Takes away what is found there, and nothing else.
pub fn remove(location: &TokenLocation, request: &mut request::Parts) {
    match location {
        TokenLocation::Header(name, _) => drop(request.headers.remove(name.as_str())),
        TokenLocation::Cookie(name) => {
            let left: Vec<String> = cookies(&request.headers)
                .filter(|(known, _)| known != name)
                .map(|(known, value)| format!("{known}={value}"))
                .collect();
            match HeaderValue::from_str(&left.join("; ")) {
                Ok(value) if !left.is_empty() => drop(request.headers.insert(header::COOKIE, value)),
                _ => drop(request.headers.remove(header::COOKIE)),
            }
        }
        TokenLocation::Query(name) => {
            let pairs = form_urlencoded::parse(request.uri.query().unwrap_or_default().as_bytes());
            let mut left = form_urlencoded::Serializer::new(String::new());
            left.extend_pairs(pairs.filter(|(known, _)| known != name));
            let whole = match left.finish() {
                rest if rest.is_empty() => request.uri.path().to_owned(),
                rest => format!("{}?{rest}", request.uri.path()),
            };
            if let Ok(whole) = PathAndQuery::try_from(whole) {
                request.uri = Uri::from(whole);
            }
        }
    }
}

fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let texts = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(';')).filter_map(|pair| pair.trim().split_once('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_credential_goes_away() {
        let request = || {
            let request = http::Request::builder().uri("/a?x=1&tok=q&y=2").header("cookie", "a=b; tok=c");
            request.header("authorization", "bearer t").body(()).unwrap().into_parts().0
        };
        let bearer = TokenLocation::default();
        for (location, found) in
            [(bearer, "t"), (TokenLocation::Cookie("tok".into()), "c"), (TokenLocation::Query("tok".into()), "q")]
        {
            let mut request = request();
            assert_eq!(find(&location, &request).as_deref(), Some(found));
            remove(&location, &mut request);
            assert_eq!(find(&location, &request), None, "{location:?}");
            if matches!(location, TokenLocation::Cookie(_)) {
                assert_eq!(request.headers["cookie"], "a=b");
            }
            if matches!(location, TokenLocation::Query(_)) {
                assert_eq!(request.uri, "/a?x=1&y=2");
            }
        }
    }
}
