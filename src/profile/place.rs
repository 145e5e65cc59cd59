//! From a parser's location to the text that a caret points at.

use miette::SourceSpan;
use serde_yaml::Location;

/// The bytes at a location: what the parser marked, but no more than the rest of the first line and at least a word.
pub(super) fn span(text: &str, location: Location) -> SourceSpan {
    let start = location.span().byte_offset().and_then(|offset| usize::try_from(offset).ok());
    let start = start.unwrap_or_else(|| offset_of(text, location)).min(text.len());
    let marked = location.span().byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    let rest = text.get(start..).unwrap_or_default();
    let line = rest.lines().next().unwrap_or_default().trim_end();
    let word = line.find([' ', ',', ':', '}', ']', '#']).unwrap_or(line.len());
    let length = if marked == 0 { word } else { marked.min(line.len()) };
    (start, length.max(usize::from(!rest.is_empty()))).into()
}

fn offset_of(text: &str, location: Location) -> usize {
    let line = usize::try_from(location.line()).unwrap_or(1).max(1);
    let column = usize::try_from(location.column()).unwrap_or(1).max(1);
    let before: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let rest = text.get(before..).unwrap_or_default();
    before + rest.chars().take(column - 1).map(char::len_utf8).sum::<usize>()
}
