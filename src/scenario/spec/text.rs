//! A scenario file's text, and where in it a place is.

use super::place::{Part, Place};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;
use std::{fmt, sync::Arc};

/// A file's text with the spans of its values.
#[derive(Debug, Clone)]
pub struct Text {
    /// File name, relative to the catalogue's root.
    pub file: String,
    /// The text.
    pub text: Arc<str>,
    root: Option<Arc<Spanned<Node>>>,
}

/// Where a value is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spot {
    /// Line, from 1; 0: nowhere.
    pub line: usize,
    /// Bytes from the start of the text.
    pub offset: usize,
    /// Length in bytes, 1 at least.
    pub length: usize,
}

impl Text {
    /// Reads the spans of a text. One that is no YAML has none.
    pub fn new(file: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let root = serde_yaml::from_str::<Spanned<Node>>(&text).ok().map(Arc::new);
        Self { file: file.into(), text, root }
    }

    /// Where a place is; where the file ends before it, the nearest place above that is there.
    pub fn spot(&self, place: &Place) -> Spot {
        let Some(mut node) = self.root.as_deref() else { return Spot::default() };
        for part in place.parts() {
            let next = match (&node.value, part) {
                (Node::Map(entries), Part::Key(key)) => {
                    entries.iter().find(|(name, _)| name == key).map(|(_, value)| value)
                }
                (Node::List(items), Part::Index(index)) => items.get(*index),
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => break,
            }
        }
        self.spot_of(node.referenced)
    }

    /// The first and the last line of a key and what stands under it.
    pub fn lines_of(&self, place: &Place) -> (usize, usize) {
        let value = self.spot(place).line;
        let lines: Vec<&str> = self.text.lines().collect();
        let key = match place.parts().last() {
            Some(Part::Key(key)) => key.as_str(),
            _ => "",
        };
        let at = |line: usize| line.checked_sub(1).and_then(|index| lines.get(index)).copied().unwrap_or_default();
        let begins = |line: &str| line.trim_start().starts_with(&format!("{key}:"));
        let first = if begins(at(value)) { value } else { value.saturating_sub(1) };
        let indent = |line: &str| line.len() - line.trim_start().len();
        let inside = |line: &&&str| line.trim().is_empty() || indent(line) > indent(at(first));
        let more = lines.iter().skip(first).take_while(inside).filter(|line| !line.trim().is_empty()).count();
        (first, first + more)
    }

    /// The text of a line (from 1) without the blanks around it.
    pub fn line(&self, line: usize) -> &str {
        line.checked_sub(1).and_then(|index| self.text.lines().nth(index)).unwrap_or("").trim()
    }

    /// The spot of a location that the YAML reader told.
    pub(in crate::scenario) fn spot_of(&self, location: serde_yaml::Location) -> Spot {
        let line = usize::try_from(location.line()).unwrap_or(0);
        let column = usize::try_from(location.column()).unwrap_or(1).max(1);
        let start = self.start_of(line);
        let rest = &self.text[start..];
        let offset = start + rest.char_indices().nth(column - 1).map_or(0, |(index, _)| index);
        Spot { line, offset, length: word_length(&self.text[offset..]) }
    }

    fn start_of(&self, line: usize) -> usize {
        self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum()
    }
}

/// Bytes up to the end of the word, the quoted string or the line that begins here; 1 at least.
fn word_length(text: &str) -> usize {
    let quote = text.chars().next().filter(|letter| matches!(letter, '"' | '\''));
    let end = match quote {
        Some(quote) => text[1..].find(quote).map(|end| end + 2),
        None => text.find([',', '}', ']', '\n', ':', ' ']),
    };
    end.unwrap_or(text.len()).max(1).min(text.len().max(1))
}

#[derive(Debug)]
enum Node {
    Leaf,
    List(Vec<Spanned<Node>>),
    Map(Vec<(String, Spanned<Node>)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

macro_rules! leaves {
    ($($visit:ident: $type:ty),+) => {
        $(fn $visit<E: Error>(self, _: $type) -> Result<Node, E> { Ok(Node::Leaf) })+
    };
}

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("YAML")
    }

    leaves!(visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_i128: i128, visit_u128: u128, visit_f64: f64, visit_str: &str);

    fn visit_unit<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_none<E: Error>(self) -> Result<Node, E> {
        Ok(Node::Leaf)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        Node::deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut map = Vec::new();
        while let Some(entry) = entries.next_entry::<String, Spanned<Node>>()? {
            map.push(entry);
        }
        Ok(Node::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_has_a_line_and_a_span() {
        let text = Text::new("x.yaml", "steps:\n- then:\n    status: 429\n    json: {\"a.b\": [1, two]}\n");
        let then = Place::top().path("steps[0].then");
        let spot = text.spot(&then.key("status"));
        assert_eq!((spot.line, &text.text[spot.offset..][..spot.length]), (3, "429"));
        let spot = text.spot(&then.key("json").key("a.b").index(1));
        assert_eq!((spot.line, &text.text[spot.offset..][..spot.length]), (4, "two"));
        assert_eq!(text.spot(&then.key("status").key("deeper")).line, 3);
        assert_eq!(text.line(3), "status: 429");
    }
}
