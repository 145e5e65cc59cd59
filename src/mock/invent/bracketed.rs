//! What the prompt itself asks of the mock.

/// The word that follows a key in double brackets: `[[finish: SAFETY]]` wishes `SAFETY` for `finish`.
pub(in crate::mock) fn bracketed<'a>(said: &'a str, key: &str) -> Option<&'a str> {
    said.split("[[").skip(1).find_map(|rest| {
        let (found, word) = rest.split_once("]]")?.0.split_once(':')?;
        (found.trim() == key).then_some(word.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::bracketed;

    #[test]
    fn a_wish_stands_in_brackets() {
        assert_eq!(bracketed("hi [[block: X]] [[finish: SAFETY]] there", "finish"), Some("SAFETY"));
        assert_eq!(bracketed("hi [[finish SAFETY]] [[finish: ", "finish"), None);
    }
}
