//! Users and passwords. Source: facts/proxy.md 4 and facts/manifests.md 2.2.

use super::md5_crypt;
use crate::gateway::{
    proxy::{refusal::Refusal, scope::UserName},
    table::BasicAuth,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use http::{HeaderMap, header, request};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use sha2::{Digest, Sha256};

/// Lets a request pass or not. Good credentials are taken away.
pub fn check(policy: &BasicAuth, request: &mut request::Parts) -> Result<(), Refusal> {
    let refused = |text| Refusal::Basic { text, realm: policy.realm.clone() };
    let Some(encoded) = credentials(&request.headers) else {
        return match policy.optional {
            true => Ok(()),
            false => Err(refused("no basic authentication credentials found")),
        };
    };
    let decoded = BASE64_STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let pair = decoded.as_deref().and_then(|text| text.split_once(':'));
    let (user, password) = pair.ok_or_else(|| refused("invalid credentials"))?;
    let known = policy.users.iter().find(|(name, _)| name == user);
    if !known.is_some_and(|(_, stored)| fits(stored, password)) {
        return Err(refused("invalid credentials"));
    }
    request.extensions.insert(UserName(user.to_owned()));
    request.headers.remove(header::AUTHORIZATION);
    Ok(())
}

fn credentials(headers: &HeaderMap) -> Option<&str> {
    let (scheme, rest) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("basic").then(|| rest.trim())
}

/// Whether a password is the one that `htpasswd` has written down, as `$apr1$` or `{SHA}`. Nothing else fits anything.
fn fits(stored: &str, password: &str) -> bool {
    let made = if let Some(salted) = stored.strip_prefix("$apr1$") {
        let salt = salted.split('$').next().unwrap_or_default();
        md5_crypt::apr1(password, salt)
    } else if stored.starts_with("{SHA}") {
        let digest = digest(&SHA1_FOR_LEGACY_USE_ONLY, password.as_bytes());
        format!("{{SHA}}{}", BASE64_STANDARD.encode(digest))
    } else {
        return false;
    };
    // Digests are compared, so that the time taken says nothing about the password.
    Sha256::digest(made) == Sha256::digest(stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_open_or_do_not() {
        // Made with `openssl passwd -apr1 -salt saltsalt` and `htpasswd -s`.
        let users = vec![
            ("dora".to_owned(), md5_crypt::apr1("d-pass", "saltsalt")),
            ("emil".to_owned(), "{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=".to_owned()),
        ];
        let strict = BasicAuth { optional: false, realm: "demo".to_owned(), users };
        let said = |policy: &BasicAuth, value: Option<&str>| {
            let mut request = http::Request::new(()).into_parts().0;
            if let Some(value) = value {
                request.headers.insert("authorization", value.parse().unwrap());
            }
            let said = check(policy, &mut request).err().map(|refusal| refusal.text().into_owned());
            assert!(said.is_some() || request.headers.is_empty());
            said
        };
        let basic = |pair: &str| format!("Basic {}", BASE64_STANDARD.encode(pair));
        let wrong = "basic authentication failure: invalid credentials";
        assert_eq!(said(&strict, Some(&basic("dora:d-pass"))), None);
        assert_eq!(said(&strict, Some(&basic("emil:password"))), None);
        assert_eq!(said(&strict, Some(&basic("dora:nope"))).as_deref(), Some(wrong));
        assert_eq!(said(&strict, Some("Basic !")).as_deref(), Some(wrong));
        let none = "basic authentication failure: no basic authentication credentials found";
        assert_eq!(said(&strict, None).as_deref(), Some(none));
        assert_eq!(said(&BasicAuth { optional: true, ..strict }, None), None);
    }
}
