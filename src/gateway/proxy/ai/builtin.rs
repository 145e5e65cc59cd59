//! What prompt guards know by themselves. Source: `llm/policy/pii` of agentgateway 1.4.1.

use crate::gateway::table::Builtin;
use regex::Regex;
use std::{ops::Range, sync::LazyLock};

/// Digits that a telephone number may have. The real proxy asks a library of all countries' numbers.
const PHONE_DIGITS: Range<usize> = 9..14;

static PATTERNS: LazyLock<Vec<(Builtin, Vec<Regex>)>> = LazyLock::new(|| {
    let compiled = |patterns: &[&str]| patterns.iter().filter_map(|pattern| Regex::new(pattern).ok()).collect();
    vec![
        (Builtin::Email, compiled(&[r"[a-zA-Z0-9_.+-]+@[a-zA-Z0-9-]+\.[a-zA-Z0-9-.]+"])),
        (
            Builtin::CreditCard,
            compiled(&[
                r"\b4\d{3}[- ]?(\d{3,4})[- ]?(\d{3,4})[- ]?(\d{3,5})\b",
                r"\b5[0-5]\d{2}[- ]?(\d{3,4})[- ]?(\d{3,4})[- ]?(\d{3,5})\b",
                r"\b6\d{3}[- ]?(\d{3,4})[- ]?(\d{3,4})[- ]?(\d{3,5})\b",
                r"\b3\d{3}[- ]?(\d{3,4})[- ]?(\d{3,4})[- ]?(\d{3,5})\b",
                r"\b1\d{3}[- ]?(\d{3,4})[- ]?(\d{3,4})[- ]?(\d{4,5})\b",
            ]),
        ),
        (
            Builtin::Ssn,
            compiled(&[
                r"\b([0-9]{5})-([0-9]{4})\b",
                r"\b([0-9]{3})-([0-9]{6})\b",
                r"\b(([0-9]{3})-([0-9]{2})-([0-9]{4}))\b",
                r"\b[0-9]{9}\b",
                r"\b([0-9]{3})[- .]([0-9]{2})[- .]([0-9]{4})\b",
            ]),
        ),
        (Builtin::CaSin, compiled(&[r"\b([0-9]{3})[- ]([0-9]{3})[- ]([0-9]{3})\b", r"\b[0-9]{9}\b"])),
        (Builtin::PhoneNumber, compiled(&[r"(?i)(?:^|[^0-9])([+()]?[0-9][0-9\s().\-]{6,30})"])),
    ]
});

/// What stands in the place of a hidden one.
pub fn replacement(builtin: Builtin) -> &'static str {
    match builtin {
        Builtin::Ssn => "<SSN>",
        Builtin::CreditCard => "<CREDIT_CARD>",
        Builtin::PhoneNumber => "<PHONE_NUMBER>",
        Builtin::Email => "<EMAIL_ADDRESS>",
        Builtin::CaSin => "<CA_SIN>",
    }
}

/// Where they are in a text; those that overlap are one.
pub fn find(builtin: Builtin, text: &str) -> Vec<Range<usize>> {
    let patterns = PATTERNS.iter().filter(|(known, _)| *known == builtin).flat_map(|(_, patterns)| patterns);
    let mut found: Vec<Range<usize>> = match builtin {
        Builtin::PhoneNumber => patterns.flat_map(|pattern| phones(pattern, text)).collect(),
        _ => patterns.flat_map(|pattern| pattern.find_iter(text).map(|found| found.range())).collect(),
    };
    found.sort_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in found {
        match joined.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

fn phones<'t>(pattern: &'t Regex, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
    let candidates = pattern.captures_iter(text).filter_map(|found| found.get(1));
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    candidates.filter(move |found| PHONE_DIGITS.contains(&digits(found.as_str()))).map(|found| found.range())
}
