//! What was asked and answered, without what could be used again.

use crate::exchange::token_of;
use crate::mock::recorder::Seen;
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// Parameters and members whose value is a credential.
const SECRETS: &str = "access_token|id_token|refresh_token|token|client_secret|client_assertion|assertion|code|code_verifier|\
                       password|subject_token|actor_token";

// The patterns are those below: they are well-formed, and a test holds that they match.
static IN_FORMS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("(?<before>(?:^|&)(?:{SECRETS})=)(?<secret>[^&\\s]+)")).ok());
static IN_JSON: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(&format!("(?<before>\"(?:{SECRETS})\"\\s*:\\s*\")(?<secret>[^\"]+)")).ok());

/// A body with tokens of its credentials; nothing of it where it is no text.
pub(in crate::mock) fn shown(seen: Seen<'_>) -> Option<String> {
    let text = String::from_utf8_lossy(seen.bytes);
    let (Some(in_forms), Some(in_json)) = (&*IN_FORMS, &*IN_JSON) else {
        return Some(String::new());
    };
    let masked = |found: &Captures<'_>| format!("{}{}", &found["before"], token_of(&found["secret"]));
    let text = in_forms.replace_all(&text, masked);
    Some(in_json.replace_all(&text, masked).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_go_and_the_rest_stays() {
        let of = |text: &str| {
            let (target, content_type, encoding) = ("/token", "", "");
            shown(Seen { target, is_answer: false, content_type, encoding, bytes: text.as_bytes() }).unwrap()
        };
        let (code, token) = (token_of("c1"), token_of("t1"));
        assert_eq!(
            of("code=c1&grant_type=authorization_code&my_code=2"),
            format!("code={code}&grant_type=authorization_code&my_code=2")
        );
        assert_eq!(
            of(r#"{"access_token": "t1","token_type":"Bearer"}"#),
            format!(r#"{{"access_token": "{token}","token_type":"Bearer"}}"#)
        );
    }
}
