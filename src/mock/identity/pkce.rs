//! Proof Key for Code Exchange (RFC 7636).

use super::form::Parameters;
use super::refusal::OAuthError;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// The challenge of an authorization request. Every client has to bring one (RFC 9700, section 2.1.1), and only of the
/// method S256.
pub(super) fn challenge(parameters: &Parameters) -> Result<String, OAuthError> {
    let challenge = parameters.get("code_challenge");
    let challenge = challenge.ok_or_else(|| OAuthError::request("code challenge required"))?;
    match parameters.get("code_challenge_method") {
        Some("S256") => {}
        // Without a method it is `plain` (RFC 7636, section 4.3).
        _ => return Err(OAuthError::request("transform algorithm not supported")),
    }
    if !is_proof(challenge) {
        return Err(OAuthError::request("The code_challenge has 43 to 128 letters that need no escape."));
    }
    Ok(challenge.to_owned())
}

/// Whether a verifier is the one of a challenge.
pub(super) fn check(challenge: &str, verifier: &str) -> Result<(), OAuthError> {
    if !is_proof(verifier) {
        return Err(OAuthError::request("The code_verifier has 43 to 128 letters that need no escape."));
    }
    if URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)) != challenge {
        return Err(OAuthError::grant("The code_verifier does not belong to the code_challenge."));
    }
    Ok(())
}

/// The letters of RFC 7636, section 4.1.
fn is_proof(text: &str) -> bool {
    let is_letter = |letter: u8| letter.is_ascii_alphanumeric() || b"-._~".contains(&letter);
    (43..=128).contains(&text.len()) && text.bytes().all(is_letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_document_passes() {
        // RFC 7636, appendix B.
        let (verifier, challenge) =
            ("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
        assert_eq!(check(challenge, verifier), Ok(()));
        assert_eq!(check(challenge, &verifier.replace('d', "e")).unwrap_err().code, "invalid_grant");
        assert_eq!(check(challenge, "short").unwrap_err().code, "invalid_request");
    }
}
