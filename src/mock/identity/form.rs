//! Parameters in `application/x-www-form-urlencoded`.

use super::refusal::OAuthError;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::header;
use std::collections::BTreeMap;

/// The media type of forms.
const FORM: &str = "application/x-www-form-urlencoded";

/// Parameters of a request. One without a value counts as left out, and none comes twice (RFC 6749, section 3.1).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    /// Reads them.
    pub(super) fn read(text: &[u8]) -> Result<Self, OAuthError> {
        let mut parameters = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(text) {
            if parameters.insert(name.clone().into_owned(), value.into_owned()).is_some() {
                return Err(OAuthError::request(format!("The parameter {name} is there more than once.")));
            }
        }
        parameters.retain(|_, value| !value.is_empty());
        Ok(Self(parameters))
    }

    /// A parameter, where it is there.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that has to be there.
    pub(super) fn need(&self, name: &str) -> Result<&str, OAuthError> {
        self.get(name).ok_or_else(|| OAuthError::request(format!("The parameter {name} is missing.")))
    }
}

/// The parameters in the body of a POST.
impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = OAuthError;

    async fn from_request(request: Request, state: &S) -> Result<Self, OAuthError> {
        let given =
            request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !given.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case(FORM)) {
            return Err(OAuthError::request(format!("The content type has to be {FORM}.")));
        }
        let body = Bytes::from_request(request, state).await;
        Self::read(&body.map_err(|_| OAuthError::request("The body could not be read."))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_comes_twice_and_what_is_empty_is_not_there() {
        let read = Parameters::read(b"a=1%202&b=&c=x+y").unwrap();
        assert_eq!((read.get("a"), read.get("b"), read.get("c")), (Some("1 2"), None, Some("x y")));
        assert_eq!(read.need("b").unwrap_err().code, "invalid_request");
        assert_eq!(Parameters::read(b"a=1&a=1").unwrap_err().code, "invalid_request");
    }
}
