//! What a registry answers when it does not give what was asked for.

use super::network::chain;
use super::{ChartError, Digest};
use oci_client::errors::{DigestError, OciDistributionError, OciErrorCode};
use reqwest::StatusCode;

/// Longest piece of an answer that is shown, in characters.
const SHOWN: usize = 200;

/// What a registry answers when it does not give what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// Neither the repository nor the tag is told apart here.
    NotFound,
    /// 401 or 403.
    Refused(String),
    /// 429.
    TooMany,
    /// 5xx, or something that no registry says.
    Fails(String),
    /// No answer.
    Unreachable(String),
    /// Not what was promised.
    Damaged {
        /// Promised.
        wanted: Digest,
        /// What came.
        got: Digest,
    },
}

impl Answer {
    /// Whether asking once more may help.
    pub fn may_pass(&self) -> bool {
        matches!(self, Self::TooMany | Self::Fails(_) | Self::Unreachable(_))
    }

    /// As an error; `NotFound` as that of a repository that is not there.
    pub fn into_error(self, registry: &str, what: &str) -> ChartError {
        let (registry, what) = (registry.to_owned(), what.to_owned());
        match self {
            Self::NotFound => ChartError::NoSuchRepository { what, registry },
            Self::Refused(status) => ChartError::Refused { registry, what, status },
            Self::TooMany => ChartError::TooManyRequests { registry, what },
            Self::Fails(answer) => ChartError::RegistryFails { registry, what, answer },
            Self::Unreachable(why) => {
                let hint = hint_for(&registry, &why);
                ChartError::Unreachable { registry, what, why, hint }
            }
            Self::Damaged { wanted, got } => ChartError::WrongDigest { what, wanted, got },
        }
    }
}

fn hint_for(registry: &str, why: &str) -> String {
    if why.contains("InvalidContentType") || why.contains("corrupt message") {
        return format!(
            "it seems to speak plain HTTP; say so in the profile: `mirrors: {{{registry}: {{host: \"http://{registry}\"}}}}`"
        );
    }
    if why.contains("certificate") || why.contains("UnknownIssuer") {
        return "its certificate is not trusted: name the authority's PEM file, or install it on this machine"
            .to_owned();
    }
    "check the name, the network and HTTPS_PROXY, or name a mirror: `mirrors:` in the profile".to_owned()
}

impl From<OciDistributionError> for Answer {
    fn from(error: OciDistributionError) -> Self {
        match error {
            OciDistributionError::UnauthorizedError { .. } => Self::Refused("401 Unauthorized".to_owned()),
            OciDistributionError::AuthenticationFailure(said) => Self::Refused(shortened(&said)),
            OciDistributionError::ImageManifestNotFoundError(_) => Self::NotFound,
            OciDistributionError::RegistryError { envelope, .. } => envelope.errors.into_iter().next().map_or_else(
                || Self::Fails("an empty list of errors".to_owned()),
                |first| from_code(first.code, &first.message),
            ),
            OciDistributionError::ServerError { code, message, .. } => from_status(code, &message),
            OciDistributionError::DigestError(DigestError::VerificationError { expected, actual }) => {
                match (Digest::parse(&expected), Digest::parse(&actual)) {
                    (Some(wanted), Some(got)) => Self::Damaged { wanted, got },
                    _ => Self::Fails(format!("the digest {actual} where {expected} was promised")),
                }
            }
            OciDistributionError::RequestError(error) if error.is_connect() || error.is_timeout() => {
                Self::Unreachable(chain(&error))
            }
            OciDistributionError::RequestError(error) if error.is_body() || error.is_decode() => {
                Self::Fails(format!("an answer that breaks off: {}", chain(&error)))
            }
            OciDistributionError::RequestError(error) => match chain(&error) {
                why if why.contains("before message completed") => {
                    Self::Fails(format!("an answer that breaks off: {why}"))
                }
                why => Self::Unreachable(why),
            },
            other => Self::Fails(shortened(&chain(&other))),
        }
    }
}

fn from_code(code: OciErrorCode, message: &str) -> Answer {
    match code {
        OciErrorCode::NameUnknown
        | OciErrorCode::ManifestUnknown
        | OciErrorCode::NotFound
        | OciErrorCode::BlobUnknown
        | OciErrorCode::ManifestBlobUnknown => Answer::NotFound,
        OciErrorCode::Unauthorized => Answer::Refused(format!("401 Unauthorized ({})", shortened(message))),
        OciErrorCode::Denied => Answer::Refused(format!("403 Forbidden ({})", shortened(message))),
        OciErrorCode::Toomanyrequests => Answer::TooMany,
        _ => Answer::Fails(shortened(message)),
    }
}

fn from_status(code: u16, message: &str) -> Answer {
    let status = StatusCode::from_u16(code).map_or_else(|_| code.to_string(), |status| status.to_string());
    match code {
        401 | 403 => Answer::Refused(status),
        404 => Answer::NotFound,
        429 => Answer::TooMany,
        _ if message.trim().is_empty() => Answer::Fails(status),
        _ => Answer::Fails(format!("{status} ({})", shortened(message))),
    }
}

/// The first line, cut where it is long.
fn shortened(text: &str) -> String {
    text.trim().lines().next().unwrap_or_default().chars().take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::{Answer, from_status, hint_for};
    use miette::Diagnostic;

    #[test]
    fn every_status_has_its_id() {
        for (code, id) in [
            (401, "CHART-04"),
            (403, "CHART-04"),
            (404, "CHART-03"),
            (429, "CHART-05"),
            (500, "CHART-06"),
            (503, "CHART-06"),
        ] {
            let error = from_status(code, "oh no\nmore").into_error("r.test", "chart x");
            assert_eq!(error.code().unwrap().to_string(), id, "{code}");
            assert!(error.to_string().contains("r.test") && error.to_string().contains("chart x"), "{error}");
        }
        assert!(from_status(503, "").may_pass() && !Answer::NotFound.may_pass());
    }

    #[test]
    fn plain_http_has_a_hint_of_its_own() {
        let hint = hint_for("r.test:5000", "received corrupt message of type InvalidContentType");
        assert!(hint.contains("http://r.test:5000"), "{hint}");
    }
}
