//! Who gets through: keys, passwords, tokens, rules.

use super::{Cel, KeySet};

/// API keys and what to do without one.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct ApiKeyAuth {
    /// `mode: Optional` lets requests without a key pass.
    pub optional: bool,
    /// Keys that are good. Empty where the Secret is missing: then nobody passes.
    pub keys: Vec<ApiKey>,
    /// Header to read instead of `authorization: Bearer`.
    pub header: Option<String>,
}

/// One good key. `Debug` does not show it.
#[derive(Clone, PartialEq, Hash)]
pub struct ApiKey {
    /// What it is compared with.
    pub secret: ApiKeySecret,
    /// What rules know of its holder, as `apiKey`: JSON text.
    pub metadata: Option<String>,
}

/// What a key is compared with.
#[derive(Clone, PartialEq, Hash)]
pub enum ApiKeySecret {
    /// The key itself.
    Plain(String),
    /// SHA-256 of the key, hex.
    Sha256(String),
}

impl std::fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ApiKey(…)")
    }
}

/// Users and passwords. Source: facts/manifests.md 2.2.
#[derive(Clone, PartialEq, Hash)]
pub struct BasicAuth {
    /// `mode: Optional` lets requests without credentials pass.
    pub optional: bool,
    /// What a browser shows.
    pub realm: String,
    /// User and digest of the password, as `htpasswd` writes it.
    pub users: Vec<(String, String)>,
}

impl std::fmt::Debug for BasicAuth {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "BasicAuth({} users)", self.users.len())
    }
}

/// Tokens. Source: facts/manifests.md 2.3.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct JwtAuth {
    /// What happens without a good one.
    pub mode: JwtMode,
    /// Who may have made them.
    pub providers: Vec<JwtProvider>,
    /// Where the token is.
    pub location: TokenLocation,
    /// For clients of MCP, who are told where to get a token.
    pub mcp: Option<McpLogin>,
}

/// What clients of MCP are told who have no good token.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct McpLogin {
    /// `resourceMetadata` of the policy, as JSON text.
    pub metadata: String,
}

/// What happens without a good token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JwtMode {
    /// Nobody passes without.
    Strict,
    /// None is fine, a bad one is not.
    Optional,
    /// Everybody passes.
    Permissive,
}

/// Where a token is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum TokenLocation {
    /// A header, with what stands before the token there.
    Header(String, String),
    /// A cookie.
    Cookie(String),
    /// A query parameter.
    Query(String),
}

impl Default for TokenLocation {
    fn default() -> Self {
        Self::Header("authorization".to_owned(), "Bearer ".to_owned())
    }
}

/// Who may have made a token.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct JwtProvider {
    /// `iss`.
    pub issuer: String,
    /// `aud`, any of these; empty: not looked at.
    pub audiences: Vec<String>,
    /// Their keys.
    pub keys: KeySet,
}

/// Rules in CEL. Source: facts/manifests.md 2.4.
#[derive(Debug, Clone, Default, PartialEq, Hash)]
pub struct Authorization {
    /// One of these must hold, where there are any.
    pub allow: Vec<Cel>,
    /// None of these may hold.
    pub deny: Vec<Cel>,
    /// All of these must hold.
    pub require: Vec<Cel>,
    /// A rule that must hold is no CEL: nobody passes.
    pub broken: bool,
}

/// Which pages may send requests that change something. Source: facts/manifests.md 3.2.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Csrf {
    /// Origins beside the gateway's own.
    pub additional_origins: Vec<String>,
}
