//! Tokens of the mocks' identity provider: what is wished, what is made, and what is thought of one.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// The audience of tokens that name no other.
pub const DEFAULT_AUDIENCE: &str = "agw-sandbox";
/// How long tokens are good that name no other time, in seconds.
pub const DEFAULT_TTL: u64 = 3_600;

/// A token that somebody wishes. What is not said is as it should be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TokenWish {
    /// The realm whose keys sign it; none: the first one.
    pub realm: Option<String>,
    /// Who it is about: `sub`.
    pub subject: Option<String>,
    /// Who it is for: `aud`. None: [`DEFAULT_AUDIENCE`].
    pub audience: Vec<String>,
    /// Who says so: `iss`. None: the realm.
    pub issuer: Option<String>,
    /// How long it is good, in seconds. None: [`DEFAULT_TTL`].
    pub ttl_seconds: Option<u64>,
    /// How it is signed. None: ES256.
    pub algorithm: Option<TokenAlgorithm>,
    /// Further claims; they replace those of their name.
    pub claims: Map<String, Value>,
    /// Claims that are left out.
    pub without: Vec<String>,
    /// What is wrong with it on purpose.
    pub flaws: Vec<TokenFlaw>,
}

/// How a token is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TokenAlgorithm {
    /// ECDSA on P-256.
    #[serde(rename = "ES256")]
    Es256,
    /// RSA, 2048 bits.
    #[serde(rename = "RS256")]
    Rs256,
}

/// What can be wrong with a token on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenFlaw {
    /// It ended five minutes ago.
    Expired,
    /// It begins in an hour.
    NotYet,
    /// Another issuer says so.
    WrongIssuer,
    /// It is for somebody else.
    WrongAudience,
    /// Signed with a key that is not the one it names.
    WrongKey,
    /// Signed with the key before the last rotation, which is in the set no more.
    Rotated,
    /// Not signed at all: `alg` is `none`.
    AlgNone,
    /// Its head names no key.
    NoKid,
}

/// A token that was made.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MintedToken {
    /// The token itself.
    pub token: String,
    /// Its head.
    pub header: Value,
    /// What it says.
    pub claims: Map<String, Value>,
    /// When it ends, in seconds since 1970; none: never.
    pub expires_at: Option<u64>,
}

impl fmt::Debug for MintedToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let token = super::token_of(&self.token);
        formatter
            .debug_struct("MintedToken")
            .field("token", &token)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

/// A token that somebody wants checked.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct TokenQuestion {
    /// The token.
    pub token: String,
    /// The realm that should have made it; none: the first one.
    pub realm: Option<String>,
    /// Who it should be for; none: anybody.
    pub audience: Option<String>,
}

/// What the identity provider thinks of a token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenVerdict {
    /// Whether it is good.
    pub good: bool,
    /// Why it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What it says, where it is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claims: Option<Map<String, Value>>,
}
