//! Secrets in headers become stable tokens: equal secrets stay equal, and nobody can read them back.

use sha2::{Digest, Sha256};

const SECRET_HEADERS: [&str; 9] = [
    "authorization",
    "proxy-authorization",
    "x-api-key",
    "api-key",
    "x-goog-api-key",
    "x-amz-security-token",
    "cookie",
    "set-cookie",
    // The head of a request, as an echo of gRPC sends it back.
    "echo-received-bin",
];

/// Whether the value of this header (any case) is a credential.
pub fn is_secret_header(name: &str) -> bool {
    SECRET_HEADERS.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// The stable token that stands for a secret: `‹` + the first 8 hex digits of its SHA-256 + `›`.
pub fn token_of(secret: &str) -> String {
    let digest = hex::encode(Sha256::digest(secret.as_bytes()));
    format!("‹{}›", &digest[..8])
}

/// A header's value as it may be shown: credentials become tokens, the scheme before them (`Bearer`, `Basic`) stays. Of a
/// `location` only the values of credential parameters go.
pub fn mask_header(name: &str, value: &str) -> String {
    if name.eq_ignore_ascii_case("location") {
        return mask_target(value);
    }
    if !is_secret_header(name) {
        return value.to_owned();
    }
    match value.split_once(' ') {
        Some((scheme, secret)) => format!("{scheme} {}", token_of(secret)),
        None => token_of(value),
    }
}

/// Names of query parameters whose value is a credential: `key` is Google's way of sending an API key, `code` is that of OAuth.
const SECRET_PARAMETERS: [&str; 7] = ["key", "api_key", "api-key", "access_token", "token", "sig", "code"];

/// A request target as it may be shown: the values of credential parameters in its query become tokens.
pub fn mask_target(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target.to_owned();
    };
    let shown: Vec<String> = query.split('&').map(mask_parameter).collect();
    format!("{path}?{}", shown.join("&"))
}

fn mask_parameter(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((name, value)) if SECRET_PARAMETERS.iter().any(|secret| name.eq_ignore_ascii_case(secret)) => {
            format!("{name}={}", token_of(value))
        }
        _ => parameter.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_in_the_query_goes_and_the_rest_stays() {
        let shown = mask_target("/v1beta/models?alt=sse&key=AIza-demo");
        assert_eq!(shown, format!("/v1beta/models?alt=sse&key={}", token_of("AIza-demo")));
        assert_eq!(mask_target("/v1/models"), "/v1/models");
        let shown = mask_header("Location", "http://a/back?code=agwc_1&state=s");
        assert_eq!(shown, format!("http://a/back?code={}&state=s", token_of("agwc_1")));
    }

    #[test]
    fn the_scheme_stays_and_the_secret_goes() {
        let shown = mask_header("Authorization", "Bearer sk-demo");
        assert_eq!(shown, format!("Bearer {}", token_of("sk-demo")));
        assert!(!shown.contains("sk-demo"));
        assert_eq!(mask_header("accept", "text/html"), "text/html");
    }
}
