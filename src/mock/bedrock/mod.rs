//! Amazon Bedrock: converse and invoke, whole and in frames, token counts, and the list of models.
//!
//! A request has to be signed with [`ACCESS_KEY_ID`] and [`SECRET_ACCESS_KEY`] (Signature Version 4, service `bedrock`,
//! any region), or to bring an API key as bearer, which is good when it does not contain `invalid`. A session token,
//! if there is one, has to be [`SESSION_TOKEN`]. Every model is accepted, except those with `no-such-model` in their
//! name; `invoke` knows the bodies of Claude and of Titan's embeddings. `[[stop: REASON]]` in what the user says ends
//! the answer for that reason.

mod answer;
mod ask;
mod blocks;
mod canonical;
mod conversation;
mod frames;
mod guard;
mod invoke;
mod read;
mod refusal;
mod router;
mod shapes;
mod signature;
mod titan;

pub(super) use refusal::refuse;
pub(super) use router::router;

/// The id of the only access key.
pub const ACCESS_KEY_ID: &str = "AKIDAGWSANDBOX000001";
/// Its secret.
pub const SECRET_ACCESS_KEY: &str = "agw-sandbox/secret/of/a/mock/000000000001";
/// The token of temporary credentials.
pub const SESSION_TOKEN: &str = "agw-sandbox-session-token";

/// Whether a request is signed well at this time.
#[cfg(feature = "fuzz")]
pub(super) fn is_signed(
    method: &str,
    uri: &http::Uri,
    headers: &http::HeaderMap,
    body: &[u8],
    now: jiff::Timestamp,
) -> bool {
    let authorization = headers.get(http::header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let signed = signature::Signed { method, uri, headers, body };
    signature::verify(authorization.unwrap_or_default(), &signed, now).is_ok()
}
