//! API keys. Source: facts/proxy.md 4 and facts/manifests.md 2.1.

use crate::gateway::{
    Mutant,
    proxy::{headers, refusal::Refusal, scope::KeyHolder, shared::Acting},
    table::{ApiKeyAuth, ApiKeySecret},
};
use http::{HeaderName, HeaderValue, header, request};
use sha2::{Digest, Sha256};

/// Lets a request pass or not. The header that carried a good key is taken away.
pub fn check(auth: &ApiKeyAuth, request: &mut request::Parts, acting: Acting) -> Result<(), Refusal> {
    let (name, value) = match &auth.header {
        Some(name) => {
            let name: HeaderName = name.parse().map_err(|_| Refusal::NoApiKey)?;
            let value = request.headers.get(&name).and_then(|value| value.to_str().ok());
            (name, value)
        }
        None => (header::AUTHORIZATION, request.headers.get(header::AUTHORIZATION).and_then(bearer_token)),
    };
    let Some(key) = value else {
        return if auth.optional { Ok(()) } else { Err(Refusal::NoApiKey) };
    };
    let known = if acting.is(Mutant::NewKeyUnknown) { auth.keys.get(..1).unwrap_or_default() } else { &auth.keys };
    let holder = known.iter().find(|good| is_same(&good.secret, key)).ok_or(Refusal::WrongApiKey)?;
    let metadata = holder.metadata.as_deref().and_then(|text| serde_json::from_str(text).ok());
    request.extensions.insert(KeyHolder(metadata.unwrap_or_else(|| serde_json::json!({}))));
    if !acting.is(Mutant::ApiKeyForwarded) {
        request.headers.remove(name);
    }
    Ok(())
}

/// The token of a Bearer credential; the scheme is case-insensitive.
pub fn bearer_token(value: &HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start())
}

/// Compares digests, so that the time taken says nothing about the key.
fn is_same(good: &ApiKeySecret, given: &str) -> bool {
    let given = Sha256::digest(given);
    match good {
        ApiKeySecret::Plain(key) => Sha256::digest(key) == given,
        ApiKeySecret::Sha256(digest) => hex::decode(digest).is_ok_and(|digest| digest[..] == given[..]),
    }
}

/// A credential as the Authorization header carries it.
pub fn bearer(key: &str) -> Option<HeaderValue> {
    headers::secret(&format!("Bearer {key}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::ApiKey;

    #[test]
    fn keys_open_or_do_not() {
        let hash = hex::encode(Sha256::digest("sk-carol"));
        let key = |secret| ApiKey { secret, metadata: None };
        let keys = vec![key(ApiKeySecret::Plain("sk-alice".into())), key(ApiKeySecret::Sha256(hash))];
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
            let mut request = http::Request::builder().header(header, value).body(()).unwrap().into_parts().0;
            let said = check(auth, &mut request, Acting::default()).err().map(|refusal| refusal.text().into_owned());
            let wanted = (!wanted.is_empty()).then(|| format!("api key authentication failure: {wanted}"));
            assert_eq!(said, wanted, "{header}: {value}");
            assert_eq!(request.headers.is_empty(), said.is_none() && header != "accept", "{header}: {value}");
        }
    }
}
