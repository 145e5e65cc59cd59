//! Signature Version 4, verified.

use super::canonical;
use super::refusal::Refusal;
use super::{ACCESS_KEY_ID, SECRET_ACCESS_KEY, SESSION_TOKEN};
use http::{HeaderMap, Uri};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};
use ring::hmac::{self, HMAC_SHA256, Key};
use sha2::{Digest, Sha256};

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
const SERVICE: &str = "bedrock";
const DATE: &str = "%Y%m%dT%H%M%SZ";
/// How far the client's clock may be off.
const LARGEST_SKEW: SignedDuration = SignedDuration::from_mins(5);

/// What is signed.
pub(super) struct Signed<'a> {
    pub(super) method: &'a str,
    pub(super) uri: &'a Uri,
    pub(super) headers: &'a HeaderMap,
    pub(super) body: &'a [u8],
}

/// The parts of the `Authorization` header.
struct Claim<'a> {
    key_id: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
    headers: Vec<&'a str>,
    signature: &'a str,
}

/// Lets requests pass whose signature is the one that the secret gives at this time.
pub(super) fn verify(authorization: &str, signed: &Signed, now: Timestamp) -> Result<(), Refusal> {
    let claim = Claim::read(authorization)?;
    let stamp = text(signed.headers, "x-amz-date").unwrap_or_default();
    let sent = DateTime::strptime(DATE, stamp).ok().and_then(|date| date.to_zoned(TimeZone::UTC).ok());
    let Some(sent) = sent.map(|date| date.timestamp()) else {
        let message = format!(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization={authorization}"
        );
        return Err(Refusal::of_signature("IncompleteSignatureException", message));
    };
    check_identity(&claim, signed.headers)?;
    check_scope(&claim, stamp, signed)?;
    check_time(stamp, sent, now)?;
    check_signature(&claim, stamp, signed)
}

impl<'a> Claim<'a> {
    fn read(authorization: &'a str) -> Result<Self, Refusal> {
        let parameters = authorization.strip_prefix(ALGORITHM).unwrap_or_default();
        let pairs: Vec<(&str, &str)> = parameters.split(',').filter_map(|pair| pair.trim().split_once('=')).collect();
        let find = |name: &str| {
            let found =
                pairs.iter().find(|(key, _)| *key == name).map(|(_, value)| *value).filter(|value| !value.is_empty());
            found.ok_or_else(|| {
                let message =
                    format!("Authorization header requires '{name}' parameter. Authorization={authorization}");
                Refusal::of_signature("IncompleteSignatureException", message)
            })
        };
        let (credential, headers, signature) = (find("Credential")?, find("SignedHeaders")?, find("Signature")?);
        let [key_id, date, region, service, "aws4_request"] = credential.split('/').collect::<Vec<_>>()[..] else {
            let message = format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{credential}'"
            );
            return Err(Refusal::of_signature("IncompleteSignatureException", message));
        };
        Ok(Self { key_id, date, region, service, headers: headers.split(';').collect(), signature })
    }
}

fn check_identity(claim: &Claim, headers: &HeaderMap) -> Result<(), Refusal> {
    let is_token_good = text(headers, "x-amz-security-token").is_none_or(|token| token == SESSION_TOKEN);
    if claim.key_id == ACCESS_KEY_ID && is_token_good {
        return Ok(());
    }
    let message = "The security token included in the request is invalid.";
    Err(Refusal::of_signature("UnrecognizedClientException", message))
}

fn check_scope(claim: &Claim, stamp: &str, signed: &Signed) -> Result<(), Refusal> {
    let refuse = |message: String| Err(Refusal::of_signature("InvalidSignatureException", message));
    if claim.service != SERVICE {
        return refuse(format!("Credential should be scoped to correct service: '{SERVICE}'. "));
    }
    if claim.region.is_empty() {
        return refuse("Credential should be scoped to a valid region. ".to_owned());
    }
    if !stamp.starts_with(claim.date) || claim.date.len() != 8 {
        return refuse(format!(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '{}' != '{}', from \
             '{stamp}'.",
            claim.date,
            stamp.get(..8).unwrap_or_default()
        ));
    }
    if !claim.headers.contains(&"host") {
        return refuse("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.".to_owned());
    }
    let unsigned = signed.headers.keys().map(|name| name.as_str());
    match unsigned.filter(|name| name.starts_with("x-amz-")).find(|name| !claim.headers.contains(name)) {
        Some(name) => refuse(format!("'{name}' must be a 'SignedHeader' in the AWS Authorization.")),
        None => Ok(()),
    }
}

fn check_time(stamp: &str, sent: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    let show = |time: Timestamp| time.strftime(DATE).to_string();
    // Times at the very ends of the calendar have no neighbours.
    let limit = |skew: SignedDuration| now.checked_add(skew).unwrap_or(now);
    let (earliest, latest) = (limit(-LARGEST_SKEW), limit(LARGEST_SKEW));
    let message = if sent < earliest {
        format!("Signature expired: {stamp} is now earlier than {} ({} - 5 min.)", show(earliest), show(now))
    } else if sent > latest {
        format!("Signature not yet current: {stamp} is still later than {} ({} + 5 min.)", show(latest), show(now))
    } else {
        return Ok(());
    };
    Err(Refusal::of_signature("InvalidSignatureException", message))
}

fn check_signature(claim: &Claim, stamp: &str, signed: &Signed) -> Result<(), Refusal> {
    let canonical = canonical::request(signed.method, signed.uri, signed.headers, &claim.headers, signed.body);
    let scope = format!("{}/{}/{}/aws4_request", claim.date, claim.region, claim.service);
    let to_sign = format!("{ALGORITHM}\n{stamp}\n{scope}\n{}", hex::encode(Sha256::digest(&canonical)));
    let key = [claim.date, claim.region, claim.service, "aws4_request"]
        .iter()
        .fold(Key::new(HMAC_SHA256, format!("AWS4{SECRET_ACCESS_KEY}").as_bytes()), |key, part| {
            Key::new(HMAC_SHA256, hmac::sign(&key, part.as_bytes()).as_ref())
        });
    let given = hex::decode(claim.signature).unwrap_or_default();
    if hmac::verify(&key, to_sign.as_bytes(), &given).is_ok() {
        return Ok(());
    }
    let message = format!(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key \
         and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request \
         should have been\n'{canonical}'\n\nThe String-to-Sign should have been\n'{to_sign}'\n"
    );
    Err(Refusal::of_signature("InvalidSignatureException", message))
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
