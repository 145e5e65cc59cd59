//! Signature Version 4 of AWS. Source: facts/conformance.md C.6 and facts/manifests.md 1.3.

use crate::gateway::{proxy::headers::secret, table::AwsKey};
use http::{HeaderMap, HeaderValue, Uri, header};
use jiff::{Timestamp, tz::TimeZone};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::hmac::{self, HMAC_SHA256, Key};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// What a path keeps as it is when it is encoded once more.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

/// What is signed.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a> {
    /// HTTP method.
    pub method: &'a str,
    /// Path and query.
    pub uri: &'a Uri,
    /// Bytes of the body.
    pub body: &'a [u8],
    /// The region.
    pub region: &'a str,
}

/// Puts signature, date and token of the session among the headers. `host` and `content-type` must be there already.
pub fn sign(key: &AwsKey, signed: Signed<'_>, headers: &mut HeaderMap, now: Timestamp) {
    let time = now.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    if let Ok(value) = HeaderValue::from_str(&time) {
        headers.insert("x-amz-date", value);
    }
    if let Some(token) = key.session.as_deref().and_then(secret) {
        headers.insert("x-amz-security-token", token);
    }
    let names: Vec<&str> = ["content-type", "host", "x-amz-date", "x-amz-security-token"]
        .into_iter()
        .filter(|name| headers.contains_key(*name))
        .collect();
    let service = key.service.as_deref().unwrap_or("bedrock");
    let date = &time[..8];
    let scope = format!("{date}/{}/{service}/aws4_request", signed.region);
    let canonical = canonical(signed, headers, &names);
    let to_sign = format!("{ALGORITHM}\n{time}\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
    let signing = [date, signed.region, service, "aws4_request"]
        .iter()
        .fold(Key::new(HMAC_SHA256, format!("AWS4{}", key.secret).as_bytes()), |key, part| {
            Key::new(HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref())
        });
    let signature = hex::encode(hmac::sign(&signing, to_sign.as_bytes()));
    let names = names.join(";");
    let text = format!("{ALGORITHM} Credential={}/{scope}, SignedHeaders={names}, Signature={signature}", key.access);
    if let Some(value) = secret(&text) {
        headers.insert(header::AUTHORIZATION, value);
    }
}

fn canonical(signed: Signed<'_>, headers: &HeaderMap, names: &[&str]) -> String {
    // Every service but S3 encodes the path twice.
    let path = utf8_percent_encode(signed.uri.path(), UNRESERVED);
    let mut query: Vec<&str> =
        signed.uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).collect();
    query.sort_unstable();
    let query: Vec<String> =
        query.iter().map(|pair| if pair.contains('=') { (*pair).to_owned() } else { format!("{pair}=") }).collect();
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim();
    let lines: String = names.iter().map(|name| format!("{name}:{}\n", value(name))).collect();
    let body = hex::encode(Sha256::digest(signed.body));
    format!("{}\n{path}\n{}\n{lines}\n{}\n{body}", signed.method, query.join("&"), names.join(";"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_credential_types::Credentials;
    use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign as judge};
    use aws_sigv4::sign::v4;
    use std::time::SystemTime;

    #[test]
    fn the_signature_is_that_of_the_vendors_own_signer() {
        let now = Timestamp::from_second(1_700_000_000).unwrap();
        let uri = Uri::from_static("/model/anthropic.claude-x-v1:0/converse");
        let key = AwsKey {
            access: "AKIDEXAMPLE".into(),
            secret: "sekret".into(),
            session: Some("token".into()),
            region: None,
            service: None,
        };
        let mut headers = HeaderMap::new();
        headers.insert("host", HeaderValue::from_static("bedrock-runtime.eu-central-1.amazonaws.com"));
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        sign(&key, Signed { method: "POST", uri: &uri, body: b"{}", region: "eu-central-1" }, &mut headers, now);

        let identity = Credentials::new("AKIDEXAMPLE", "sekret", Some("token".into()), None, "test").into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region("eu-central-1")
            .name("bedrock")
            .time(SystemTime::from(now))
            .settings(SigningSettings::default())
            .build()
            .unwrap();
        let given =
            [("host", "bedrock-runtime.eu-central-1.amazonaws.com"), ("content-type", "application/json")].into_iter();
        let request = SignableRequest::new("POST", uri.to_string(), given, SignableBody::Bytes(b"{}")).unwrap();
        let (instructions, _) = judge(request, &parameters.into()).unwrap().into_parts();
        let expected = instructions.headers().find(|(name, _)| *name == "authorization").unwrap().1;
        assert_eq!(headers["authorization"].to_str().unwrap(), expected);
    }
}
