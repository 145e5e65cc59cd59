//! What clients learn about a realm: OpenID Connect Discovery 1.0 and RFC 8414, in one document.

use super::issuer::Site;
use serde_json::{Value, json};

/// The document of a realm.
pub(super) fn metadata(site: &Site) -> Value {
    let at = |path: &str| format!("{}{path}", site.base);
    let methods = ["client_secret_basic", "client_secret_post", "none"];
    json!({
        "issuer": site.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "jwks_uri": at("/jwks"),
        "userinfo_endpoint": at("/userinfo"),
        "introspection_endpoint": at("/introspect"),
        "registration_endpoint": at("/register"),
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "client_credentials", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256", "RS256"],
        "token_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_methods_supported": methods,
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "name", "email"],
        "authorization_response_iss_parameter_supported": true,
    })
}
