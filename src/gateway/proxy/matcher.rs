//! Matches of a rule, compiled once a table.

use crate::gateway::table::{HeaderMatch, Match, PathMatch};
use http::{HeaderMap, HeaderName, HeaderValue, Method, request};
use regex::Regex;

/// How a path matches, ready to be tried.
#[derive(Debug)]
pub enum PathPattern {
    /// The whole path.
    Exact(String),
    /// Whole leading segments; without a slash at its end.
    Prefix(String),
    /// The whole path.
    Regex(Regex),
}

#[derive(Debug)]
enum ValuePattern {
    Exact(String),
    Regex(Regex),
}

/// A match, ready to be tried.
#[derive(Debug)]
pub struct Matcher {
    /// Path.
    pub path: PathPattern,
    method: Option<Method>,
    headers: Vec<(HeaderName, ValuePattern)>,
    query: Vec<(String, String)>,
}

/// Ways in which matching can be told to go wrong.
#[derive(Debug, Clone, Copy, Default)]
pub struct Laxity {
    /// An exact path is a prefix of characters.
    pub exact_is_prefix: bool,
    /// Header matches always hold.
    pub any_header: bool,
}

impl Matcher {
    /// `None` if a part cannot be understood; such a match never holds.
    pub fn new(wanted: &Match) -> Option<Self> {
        Some(Self {
            path: PathPattern::new(&wanted.path)?,
            method: wanted.method.as_deref().map(|method| method.parse().ok()).map_or(Some(None), |it| it.map(Some))?,
            headers: wanted.headers.iter().map(header_pattern).collect::<Option<_>>()?,
            query: wanted.query.clone(),
        })
    }

    /// Whether a request fits.
    pub fn fits(&self, request: &request::Parts, laxity: Laxity) -> bool {
        self.path.fits(request.uri.path(), laxity)
            && self.method.as_ref().is_none_or(|method| *method == request.method)
            && (laxity.any_header || self.headers.iter().all(|(name, value)| value.fits(name, &request.headers)))
            && self.query.iter().all(|wanted| has_query(request.uri.query().unwrap_or_default(), wanted))
    }

    /// Greater goes first among matches of equally specific hosts. Source: Gateway API, HTTPRouteRule `matches`. Where the
    /// standard leaves regular expressions open they stand between exact paths and prefixes.
    pub fn specificity(&self) -> impl Ord + use<> {
        let path = match &self.path {
            PathPattern::Exact(path) => (2, path.len()),
            PathPattern::Regex(regex) => (1, regex.as_str().len()),
            PathPattern::Prefix(prefix) => (0, prefix.len()),
        };
        (path, self.method.is_some(), self.headers.len(), self.query.len())
    }
}

impl PathPattern {
    fn new(wanted: &PathMatch) -> Option<Self> {
        Some(match wanted {
            PathMatch::Exact(path) => Self::Exact(path.clone()),
            PathMatch::Prefix(prefix) => Self::Prefix(prefix.trim_end_matches('/').to_owned()),
            PathMatch::Regex(pattern) => Self::Regex(whole(pattern)?),
        })
    }

    fn fits(&self, path: &str, laxity: Laxity) -> bool {
        match self {
            Self::Exact(wanted) if laxity.exact_is_prefix => path.starts_with(wanted.as_str()),
            Self::Exact(wanted) => path == wanted,
            Self::Prefix(prefix) => {
                path.strip_prefix(prefix.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            }
            Self::Regex(regex) => regex.is_match(path),
        }
    }
}

impl ValuePattern {
    fn fits(&self, name: &HeaderName, headers: &HeaderMap) -> bool {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => false,
            (Some(value), None) => self.fits_value(value.as_bytes()),
            // A header that is sent several times counts as one with a list.
            (Some(_), Some(_)) => {
                let all: Vec<_> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
                self.fits_value(&all.join(&b","[..]))
            }
        }
    }

    fn fits_value(&self, value: &[u8]) -> bool {
        match self {
            Self::Exact(wanted) => value == wanted.as_bytes(),
            Self::Regex(regex) => std::str::from_utf8(value).is_ok_and(|value| regex.is_match(value)),
        }
    }
}

fn header_pattern(wanted: &HeaderMatch) -> Option<(HeaderName, ValuePattern)> {
    Some(match wanted {
        HeaderMatch::Exact(name, value) => (name.parse().ok()?, ValuePattern::Exact(value.clone())),
        HeaderMatch::Regex(name, pattern) => (name.parse().ok()?, ValuePattern::Regex(whole(pattern)?)),
    })
}

/// Size of a compiled regular expression, in bytes, that a user may ask for.
const REGEX_SIZE: usize = 256 * 1024;

fn whole(pattern: &str) -> Option<Regex> {
    regex::RegexBuilder::new(&format!("^(?:{pattern})$")).size_limit(REGEX_SIZE).build().ok()
}

/// Only the first parameter of a name counts.
fn has_query(query: &str, (name, value): &(String, String)) -> bool {
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .find(|(found, _)| decoded(found) == name.as_bytes())
        .is_some_and(|(_, found)| decoded(found) == value.as_bytes())
}

/// A form-encoded piece of a query: `+` and `%XX`.
fn decoded(piece: &str) -> Vec<u8> {
    let mut bytes = piece.as_bytes().iter();
    let mut decoded = Vec::with_capacity(piece.len());
    while let Some(byte) = bytes.next().copied() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => match hex_pair(bytes.as_slice()) {
                Some(byte) => {
                    bytes.nth(1);
                    byte
                }
                None => b'%',
            },
            other => other,
        });
    }
    decoded
}

fn hex_pair(text: &[u8]) -> Option<u8> {
    let digit = |index: usize| char::from(*text.get(index)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(path: PathMatch, headers: Vec<HeaderMatch>, query: &[(&str, &str)], uri: &str) -> bool {
        let query = query.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let matcher = Matcher::new(&Match { path, method: None, headers, query }).unwrap();
        let request = http::Request::builder().uri(uri).header("X-Llm", "openai").body(()).unwrap();
        matcher.fits(&request.into_parts().0, Laxity::default())
    }

    #[test]
    fn paths_match_whole_or_by_segments() {
        let exact = || PathMatch::Exact("/b".into());
        let prefix = |value: &str| PathMatch::Prefix(value.into());
        let regex = || PathMatch::Regex("/v[12]/.*x".into());
        for (path, uri, wanted) in [
            (exact(), "/b", true),
            (exact(), "/bx", false),
            (exact(), "/b/", false),
            (prefix("/a"), "/a", true),
            (prefix("/a"), "/a/", true),
            (prefix("/a"), "/a/b?c", true),
            (prefix("/a/"), "/a", true),
            (prefix("/a"), "/ab", false),
            (prefix("/"), "/anything", true),
            (regex(), "/v1/box", true),
            (regex(), "/v1/box/y", false),
        ] {
            assert_eq!(matches(path.clone(), vec![], &[], uri), wanted, "{path:?} {uri}");
        }
    }

    #[test]
    fn header_names_ignore_case_and_values_do_not() {
        let any = || PathMatch::Prefix("/".into());
        let header = |value: &str| vec![HeaderMatch::Exact("x-llm".into(), value.into())];
        assert!(matches(any(), header("openai"), &[], "/"));
        assert!(!matches(any(), header("OpenAI"), &[], "/"));
        assert!(matches(any(), vec![HeaderMatch::Regex("x-llm".into(), "open.*".into())], &[], "/"));
        assert!(!matches(any(), vec![HeaderMatch::Regex("x-llm".into(), "open".into())], &[], "/"));
    }

    #[test]
    fn the_first_query_parameter_of_a_name_counts() {
        let any = || PathMatch::Prefix("/".into());
        assert!(matches(any(), vec![], &[("a b", "c&d")], "/?x&a+b=c%26d&a+b=other"));
        assert!(!matches(any(), vec![], &[("a", "2")], "/?a=1&a=2"));
        assert!(!matches(any(), vec![], &[("a", "2")], "/"));
    }
}
