//! The words of the assistant, and how they are counted.
//!
//! A token is a word together with the white space before it; a long word counts once for every 16 characters begun. A
//! prompt costs the tokens of its texts and one for every message. Every mock counts this way, in every kind of answer.

/// The longest part of a word that is one token, in characters.
const LONGEST_TOKEN: usize = 16;
/// How much of a prompt is repeated in an answer, in characters.
const LONGEST_ECHO: usize = 2_000;

/// The assistant's answer, cut to what the request allows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Answer {
    /// The tokens in order; their concatenation is the text.
    pub(super) tokens: Vec<String>,
    /// Whether the limit of the request ended it.
    pub(super) is_cut: bool,
}

impl Answer {
    /// The scripted text, or one derived from what the user said last; at most `limit` tokens of it.
    pub(super) fn to(said: &str, scripted: Option<&str>, limit: Option<u64>) -> Self {
        let text = match scripted {
            Some(text) => text.to_owned(),
            None if said.is_empty() => "Hello! You said nothing.".to_owned(),
            None => format!("You said: {}", said.chars().take(LONGEST_ECHO).collect::<String>()),
        };
        let mut tokens = tokens(&text);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        let is_cut = tokens.len() > limit;
        tokens.truncate(limit);
        Self { tokens, is_cut }
    }

    /// The whole text.
    pub(super) fn text(&self) -> String {
        self.tokens.concat()
    }

    /// What it costs.
    pub(super) fn cost(&self) -> u64 {
        self.tokens.len() as u64
    }
}

/// What the texts of a prompt cost, one text a message.
pub(super) fn prompt_cost<'a>(messages: impl IntoIterator<Item = &'a str>) -> u64 {
    messages.into_iter().map(|text| tokens(text).len() as u64 + 1).sum()
}

/// The tokens of a text; their concatenation is the text.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut token = String::new();
    let mut letters = 0;
    for character in text.chars() {
        let starts_word = character.is_whitespace() && letters > 0;
        if starts_word || letters == LONGEST_TOKEN {
            tokens.push(std::mem::take(&mut token));
            letters = 0;
        }
        letters += usize::from(!character.is_whitespace());
        token.push(character);
    }
    if !token.is_empty() {
        tokens.push(token);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn words_keep_the_space_before_them_and_long_words_count_more() {
        assert_eq!(tokens("You said: hi"), ["You", " said:", " hi"]);
        assert_eq!(tokens(&"x".repeat(33)).len(), 3);
        assert_eq!(prompt_cost(["You said: hi", ""]), 5);
    }

    #[test]
    fn a_limit_cuts_the_answer() {
        let answer = Answer::to("hello there", None, Some(2));
        assert_eq!((answer.text().as_str(), answer.is_cut, answer.cost()), ("You said:", true, 2));
        assert_eq!(Answer::to("x", Some("fine"), None).text(), "fine");
    }

    proptest! {
        #[test]
        fn tokens_are_the_text(text in ".{0,80}") {
            prop_assert_eq!(tokens(&text).concat(), text);
        }
    }
}
