//! Label selectors: `a=b,c!=d,e in (f,g),h,!i`.
//! Source: kubernetes/apimachinery `pkg/labels/selector.go`.

use serde_json::Value;

/// Which objects are wanted, by label. An empty selector wants all.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::embedded) struct LabelSelector {
    requirements: Vec<Requirement>,
}

#[derive(Debug, Clone, PartialEq)]
struct Requirement {
    key: String,
    operator: Operator,
}

#[derive(Debug, Clone, PartialEq)]
enum Operator {
    Exists,
    Absent,
    In(Vec<String>),
    NotIn(Vec<String>),
    GreaterThan(i64),
    LessThan(i64),
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Symbol(&'static str),
    End,
}

const SYMBOLS: [&str; 9] = ["==", "!=", "=", "!", "(", ")", ",", ">", "<"];

impl LabelSelector {
    /// Reads a selector; the error is in the API server's words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut tokens = tokens(text).into_iter().peekable();
        let mut requirements = Vec::new();
        if tokens.peek().is_none_or(|token| *token == Token::End) {
            return Ok(Self::default());
        }
        loop {
            requirements.push(requirement(&mut tokens)?);
            match tokens.next().unwrap_or(Token::End) {
                Token::End => return Ok(Self { requirements }),
                Token::Symbol(",") => {}
                other => return Err(format!("found '{}', expected: ',' or 'end of string'", spell(&other))),
            }
        }
    }

    /// Whether the labels of the object are as wanted.
    pub fn matches(&self, object: &Value) -> bool {
        let labels = &object["metadata"]["labels"];
        self.requirements.iter().all(|requirement| requirement.matches(labels[&requirement.key].as_str()))
    }
}

impl Requirement {
    fn matches(&self, label: Option<&str>) -> bool {
        let number = label.and_then(|text| text.parse::<i64>().ok());
        match &self.operator {
            Operator::Exists => label.is_some(),
            Operator::Absent => label.is_none(),
            Operator::In(values) => label.is_some_and(|label| values.iter().any(|value| value == label)),
            Operator::NotIn(values) => label.is_none_or(|label| values.iter().all(|value| value != label)),
            Operator::GreaterThan(bound) => number.is_some_and(|number| number > *bound),
            Operator::LessThan(bound) => number.is_some_and(|number| number < *bound),
        }
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut rest = text;
    let mut tokens = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            tokens.push(Token::End);
            return tokens;
        }
        if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
            tokens.push(Token::Symbol(symbol));
            rest = &rest[symbol.len()..];
            continue;
        }
        let end = rest.find(|c: char| c.is_whitespace() || "=!(),<>".contains(c)).unwrap_or(rest.len());
        tokens.push(Token::Word(rest[..end].to_owned()));
        rest = &rest[end..];
    }
}

fn spell(token: &Token) -> String {
    match token {
        Token::Word(word) => word.clone(),
        Token::Symbol(symbol) => (*symbol).to_owned(),
        Token::End => String::new(),
    }
}

type Tokens = std::iter::Peekable<std::vec::IntoIter<Token>>;

fn requirement(tokens: &mut Tokens) -> Result<Requirement, String> {
    let negated = tokens.next_if_eq(&Token::Symbol("!")).is_some();
    let key = match tokens.next() {
        Some(Token::Word(word)) => word,
        other => {
            let found = spell(&other.unwrap_or(Token::End));
            return Err(format!("unable to parse requirement: found '{found}', expected: identifier"));
        }
    };
    if negated {
        return Ok(Requirement { key, operator: Operator::Absent });
    }
    let operator = match tokens.peek() {
        None | Some(Token::End | Token::Symbol(",")) => return Ok(Requirement { key, operator: Operator::Exists }),
        Some(_) => tokens.next().unwrap_or(Token::End),
    };
    let operator = match operator {
        Token::Symbol("=" | "==") => Operator::In(vec![exact(tokens)?]),
        Token::Symbol("!=") => Operator::NotIn(vec![exact(tokens)?]),
        Token::Symbol(">") => Operator::GreaterThan(number(tokens)?),
        Token::Symbol("<") => Operator::LessThan(number(tokens)?),
        Token::Word(word) if word == "in" => Operator::In(set(tokens)?),
        Token::Word(word) if word == "notin" => Operator::NotIn(set(tokens)?),
        other => {
            return Err(format!(
                "unable to parse requirement: found '{}', expected: in, notin, =, ==, !=, gt, lt",
                spell(&other)
            ));
        }
    };
    Ok(Requirement { key, operator })
}

fn exact(tokens: &mut Tokens) -> Result<String, String> {
    match tokens.peek() {
        None | Some(Token::End | Token::Symbol(",")) => Ok(String::new()),
        Some(Token::Word(_)) => Ok(tokens.next().map(|token| spell(&token)).unwrap_or_default()),
        Some(other) => Err(format!("unable to parse requirement: found '{}', expected: identifier", spell(other))),
    }
}

fn number(tokens: &mut Tokens) -> Result<i64, String> {
    exact(tokens)?.parse().map_err(|_| "for 'Gt', 'Lt' operators, the value must be an integer".to_owned())
}

fn set(tokens: &mut Tokens) -> Result<Vec<String>, String> {
    let opened = tokens.next().unwrap_or(Token::End);
    if opened != Token::Symbol("(") {
        return Err(format!("unable to parse requirement: found '{}' expected: '('", spell(&opened)));
    }
    let mut values = Vec::new();
    loop {
        match tokens.next().unwrap_or(Token::End) {
            Token::Word(word) => values.push(word),
            Token::Symbol(",") => {}
            Token::Symbol(")") => return Ok(values),
            other => {
                return Err(format!("unable to parse requirement: found '{}', expected: ',' or ')'", spell(&other)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn matches(selector: &str, labels: Value) -> bool {
        LabelSelector::parse(selector).expect("a selector").matches(&json!({"metadata": {"labels": labels}}))
    }

    #[test]
    fn selectors_choose_by_label() {
        let labels = json!({"app": "web", "tier": "2"});
        for selector in ["", "app", "app=web", "app == web", "!x", "app in (api, web),tier!=3", "x notin (y)", "tier>1"]
        {
            assert!(matches(selector, labels.clone()), "{selector}");
        }
        for selector in ["!app", "app=api", "app notin (web)", "tier<2", "x", "app=web,x=y", "x=", "app in ()"] {
            assert!(!matches(selector, labels.clone()), "{selector}");
        }
    }

    #[test]
    fn a_broken_selector_is_told_in_the_api_servers_words() {
        let why = LabelSelector::parse("a===").expect_err("broken");
        assert_eq!(why, "unable to parse requirement: found '=', expected: identifier");
        assert!(LabelSelector::parse("a in b").is_err());
        assert!(LabelSelector::parse("a b").is_err());
        assert!(LabelSelector::parse(",").is_err());
    }
}
