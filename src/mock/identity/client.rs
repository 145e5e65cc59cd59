//! Which client asks.

use super::form::Parameters;
use super::refusal::OAuthError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};

/// What a bad secret contains.
const BAD: &str = "invalid";

/// A client that said who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Client {
    pub(super) id: String,
    /// Whether it proved it with a secret.
    pub(super) is_confidential: bool,
}

impl Client {
    /// The client of a request to the token endpoint: by HTTP Basic, or by parameters, but not by both (RFC 6749, section
    /// 2.3). Every name is known.
    pub(super) fn of(headers: &HeaderMap, parameters: &Parameters) -> Result<Self, OAuthError> {
        let Some(given) = headers.get(header::AUTHORIZATION) else {
            let id = parameters
                .get("client_id")
                .ok_or_else(|| OAuthError::client("The client does not say who it is.", false))?;
            return Self::checked(id.to_owned(), parameters.get("client_secret"), false);
        };
        if parameters.get("client_secret").is_some() {
            return Err(OAuthError::request("The client uses more than one way to say who it is."));
        }
        let pair = given.to_str().ok().and_then(basic);
        let (id, secret) = pair.ok_or_else(|| OAuthError::client("The header authorization is malformed.", true))?;
        if parameters.get("client_id").is_some_and(|other| other != id) {
            return Err(OAuthError::request(
                "The parameter client_id names another client than the header authorization.",
            ));
        }
        Self::checked(id, Some(&secret), true)
    }

    fn checked(id: String, secret: Option<&str>, used_header: bool) -> Result<Self, OAuthError> {
        if id.is_empty() || secret.is_some_and(|secret| secret.is_empty() || secret.contains(BAD)) {
            return Err(OAuthError::client("The client is unknown or its secret is wrong.", used_header));
        }
        Ok(Self { id, is_confidential: secret.is_some() })
    }
}

/// Name and secret of HTTP Basic, each of them encoded as in a form before (RFC 6749, section 2.3.1).
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some((unescaped(id), unescaped(secret)))
}

fn unescaped(text: &str) -> String {
    let first = form_urlencoded::parse(text.as_bytes()).next();
    // What looks like a pair is taken as it is.
    first
        .filter(|(_, value)| value.is_empty() && !text.contains('='))
        .map_or_else(|| text.to_owned(), |(name, _)| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(authorization: Option<&str>, form: &str) -> Result<Client, OAuthError> {
        let mut headers = HeaderMap::new();
        if let Some(pair) = authorization {
            let value = format!("Basic {}", STANDARD.encode(pair));
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
        }
        Client::of(&headers, &Parameters::read(form.as_bytes()).unwrap())
    }

    #[test]
    fn a_client_says_who_it_is_in_one_way() {
        let client = |id: &str, is_confidential| Client { id: id.to_owned(), is_confidential };
        assert_eq!(asked(Some("a%3Ab:s"), "").unwrap(), client("a:b", true));
        assert_eq!(asked(None, "client_id=a&client_secret=s").unwrap(), client("a", true));
        assert_eq!(asked(None, "client_id=a").unwrap(), client("a", false));
        assert_eq!(asked(Some("a:s"), "client_secret=s").unwrap_err().code, "invalid_request");
        let refused = asked(Some("a:invalid"), "").unwrap_err();
        assert_eq!((refused.code, refused.challenge.is_some()), ("invalid_client", true));
        assert_eq!(asked(None, "").unwrap_err().code, "invalid_client");
    }
}
