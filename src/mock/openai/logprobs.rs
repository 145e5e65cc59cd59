//! How sure the model was of each token.

use serde_json::{Value, json};

/// Between two alternatives, in natural logarithms.
const STEP: f64 = 1.25;

/// The probabilities of the tokens of a text and of a refusal; null where nobody asked for them.
pub(super) fn of(wanted: Option<u64>, text: &[String], refusal: &[String]) -> Value {
    let Some(alternatives) = wanted else { return Value::Null };
    let list = |tokens: &[String]| if tokens.is_empty() { Value::Null } else { entries(alternatives, tokens) };
    json!({ "content": list(text), "refusal": list(refusal) })
}

/// The probabilities of some tokens.
pub(super) fn entries(alternatives: u64, tokens: &[String]) -> Value {
    tokens.iter().map(|token| entry(alternatives, token)).collect()
}

fn entry(alternatives: u64, token: &str) -> Value {
    let first = of_token(token);
    let one = |token: &str, logprob: f64| json!({ "token": token, "logprob": logprob, "bytes": token.as_bytes() });
    // The first alternative is the token itself, the others are the token with something behind it.
    let others = (0..alternatives).map(|place| {
        let token = if place == 0 { token.to_owned() } else { format!("{token}{place}") };
        one(&token, rounded(first - STEP * place as f64))
    });
    let mut entry = one(token, first);
    entry["top_logprobs"] = others.collect();
    entry
}

/// The logarithm of a token's probability. It depends on nothing but the token.
pub(super) fn of_token(token: &str) -> f64 {
    let sum: u32 = token.bytes().map(u32::from).sum();
    rounded(-f64::from(sum % 50 + 1) / 100.0)
}

fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}
