//! API keys. Source: facts/proxy.md 4 and facts/manifests.md 2.1.

use super::{headers, refusal::Refusal};
use crate::gateway::table::{ApiKey, ApiKeyAuth};
use http::{HeaderMap, HeaderName, HeaderValue, header};
use sha2::{Digest, Sha256};

/// Lets a request pass or not. The header that carried a good key is taken away unless it is to be `forwarded`.
pub fn check(auth: &ApiKeyAuth, request: &mut HeaderMap, forwarded: bool) -> Result<(), Refusal> {
    let (name, value) = match &auth.header {
        Some(name) => {
            let name: HeaderName = name.parse().map_err(|_| Refusal::NoApiKey)?;
            let value = request.get(&name).and_then(|value| value.to_str().ok());
            (name, value)
        }
        None => (header::AUTHORIZATION, request.get(header::AUTHORIZATION).and_then(bearer_token)),
    };
    let Some(key) = value else {
        return if auth.optional { Ok(()) } else { Err(Refusal::NoApiKey) };
    };
    if !auth.keys.iter().any(|good| is_same(good, key)) {
        return Err(Refusal::WrongApiKey);
    }
    if !forwarded {
        request.remove(name);
    }
    Ok(())
}

/// The token of a Bearer credential; the scheme is case-insensitive.
pub fn bearer_token(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())
}

/// Compares digests, so that the time taken says nothing about the key.
fn is_same(good: &ApiKey, given: &str) -> bool {
    let given = Sha256::digest(given);
    match good {
        ApiKey::Plain(key) => Sha256::digest(key) == given,
        ApiKey::Sha256(digest) => hex::decode(digest).is_ok_and(|digest| digest[..] == given[..]),
    }
}

/// A credential as the Authorization header carries it.
pub fn bearer(key: &str) -> Option<HeaderValue> {
    headers::secret(&format!("Bearer {key}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_open_or_do_not() {
        let hash = hex::encode(Sha256::digest("sk-carol"));
        let keys = vec![ApiKey::Plain("sk-alice".into()), ApiKey::Sha256(hash)];
        let strict = ApiKeyAuth { optional: false, keys, header: None };
        let optional = ApiKeyAuth { optional: true, ..strict.clone() };
        let by_header = ApiKeyAuth { header: Some("X-Api-Key".into()), ..strict.clone() };
        for (auth, header, value, wanted) in [
            (&strict, "accept", "x", "no API Key found"),
            (&strict, "authorization", "Basic sk-alice", "no API Key found"),
            (&strict, "x-api-key", "sk-alice", "no API Key found"),
            (&strict, "authorization", "Bearer nope", "invalid credentials"),
            (&strict, "authorization", "bearer sk-alice", ""),
            (&strict, "authorization", "Bearer sk-carol", ""),
            (&optional, "accept", "x", ""),
            (&optional, "authorization", "Bearer nope", "invalid credentials"),
            (&by_header, "x-api-key", "sk-alice", ""),
            (&by_header, "x-api-key", "Bearer sk-alice", "invalid credentials"),
            (&by_header, "authorization", "Bearer sk-alice", "no API Key found"),
        ] {
            let mut request = HeaderMap::from_iter([(header.parse().unwrap(), HeaderValue::from_static(value))]);
            let said = check(auth, &mut request, false).err().map(|refusal| refusal.text().into_owned());
            let wanted = (!wanted.is_empty()).then(|| format!("api key authentication failure: {wanted}"));
            assert_eq!(said, wanted, "{header}: {value}");
            assert_eq!(request.is_empty(), said.is_none() && header != "accept", "{header}: {value}");
        }
    }
}
