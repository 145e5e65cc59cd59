//! Who may call.

use super::refusal::AzureRefusal;
use http::{HeaderMap, header};

/// Lets requests pass that bring a key or a token of Entra.
pub(super) fn check(headers: &HeaderMap) -> Result<(), AzureRefusal> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let is_good = |secret: &str| !secret.trim().is_empty() && !secret.contains("invalid");
    let token = text(header::AUTHORIZATION.as_str()).and_then(|value| value.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token);
    match (text("api-key"), token) {
        (Some(key), _) if is_good(key) => Ok(()),
        (None, Some(token)) if is_good(token) => Ok(()),
        (Some(_), _) => Err(AzureRefusal::denied(
            "Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for \
             an active subscription and use a correct regional API endpoint for your resource.",
        )),
        (None, _) => Err(AzureRefusal::denied(
            "Unauthorized. Access token is missing, invalid, audience is incorrect \
             (https://cognitiveservices.azure.com), or have expired.",
        )),
    }
}
