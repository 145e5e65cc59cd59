//! Lines of an access log: `key=value key="value with blanks"`.

use super::metric::quoted;
use std::collections::BTreeMap;

/// The fields of one line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogLine(BTreeMap<String, String>);

impl LogLine {
    /// Reads a line; words without `=` are left out. A line of JSON has the fields of its object.
    pub fn parse(line: &str) -> Self {
        if let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(line) {
            let text = |value: serde_json::Value| super::matcher::text_of(&value);
            return Self(fields.into_iter().map(|(name, value)| (name, text(value))).collect());
        }
        let mut fields = BTreeMap::new();
        let mut rest = line.trim();
        while !rest.is_empty() {
            let end = rest.find(['=', ' ', '\t']).unwrap_or(rest.len());
            let (name, behind) = rest.split_at(end);
            rest = match behind.strip_prefix('=') {
                None => behind.trim_start(),
                Some(behind) => {
                    let (value, behind) = value(behind);
                    fields.insert(name.to_owned(), value);
                    behind.trim_start()
                }
            };
        }
        Self(fields)
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

fn value(text: &str) -> (String, &str) {
    if let Some(found) = text.strip_prefix('"').and_then(quoted) {
        return found;
    }
    let end = text.find([' ', '\t']).unwrap_or(text.len());
    (text[..end].to_owned(), &text[end..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_with_and_without_quotation_marks() {
        let line =
            LogLine::parse("2026-01-01T00:00:00Z\tinfo\trequest http.status=404 error=\"route \\\"x\\\"\" a= b=1");
        let field = |name| line.field(name).unwrap().to_owned();
        assert_eq!((field("http.status"), field("error")), ("404".to_owned(), "route \"x\"".to_owned()));
        assert_eq!((field("a"), field("b")), (String::new(), "1".to_owned()));
        assert!(line.field("info").is_none());
        assert_eq!(LogLine::parse("{\"http.status\": 200}").field("http.status"), Some("200"));
    }
}
