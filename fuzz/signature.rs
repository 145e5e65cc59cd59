//! Any method, target, headers and body at the verifier of signatures: nothing passes that was not signed.

use agw_sandbox::mock::fuzz::is_signed;
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use jiff::Timestamp;

/// The moment at which the good request of the seeds was signed.
const SIGNED_AT: i64 = 1_772_452_800;

/// Lines: the target, headers until an empty line, the body.
pub fn run(bytes: &[u8]) {
    let mut lines = bytes.splitn(2, |byte| *byte == b'\n');
    let target = lines.next().unwrap_or_default();
    let Ok(uri) = Uri::try_from(target) else { return };
    let mut rest = lines.next().unwrap_or_default();
    let mut headers = HeaderMap::new();
    while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
        let (line, after) = (&rest[..end], &rest[end + 1..]);
        rest = after;
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { break };
        if let (Ok(name), Ok(value)) =
            (HeaderName::from_bytes(&line[..colon]), HeaderValue::from_bytes(&line[colon + 1..]))
        {
            headers.append(name, value);
        }
    }
    let now = Timestamp::from_second(SIGNED_AT).unwrap();
    if !is_signed("POST", &uri, &headers, rest, now) {
        return;
    }
    // What passes must not pass with another body, another target or another method.
    let mut other = rest.to_vec();
    other.push(b' ');
    assert!(!is_signed("POST", &uri, &headers, &other, now), "another body passes");
    assert!(!is_signed("PUT", &uri, &headers, rest, now), "another method passes");
    let elsewhere: Uri = "/model/other/converse".parse().unwrap();
    assert!(
        uri.path() == elsewhere.path() || !is_signed("POST", &elsewhere, &headers, rest, now),
        "another path passes"
    );
}
