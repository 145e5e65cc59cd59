//! Headers in Envoy's messages.

use envoy_types::pb::envoy::config::core::v3::header_value_option::HeaderAppendAction;
use envoy_types::pb::envoy::config::core::v3::{HeaderMap, HeaderValue, HeaderValueOption};

/// What becomes of headers that have the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mock) enum Append {
    /// They stay.
    Beside,
    /// They go.
    InPlace,
}

/// A header to be set.
pub(in crate::mock) fn option(name: &str, value: &str, append: Append) -> HeaderValueOption {
    let action = match append {
        Append::Beside => HeaderAppendAction::AppendIfExistsOrAdd,
        Append::InPlace => HeaderAppendAction::OverwriteIfExistsOrAdd,
    };
    let header = HeaderValue { key: name.to_owned(), value: value.to_owned(), ..HeaderValue::default() };
    HeaderValueOption { header: Some(header), append_action: action as i32, ..HeaderValueOption::default() }
}

/// Headers that take the place of those of their name.
pub(in crate::mock) fn options(headers: &[(String, String)]) -> Vec<HeaderValueOption> {
    headers.iter().map(|(name, value)| option(name, value, Append::InPlace)).collect()
}

/// Names and values; a value that is no text is shown with U+FFFD.
pub(in crate::mock) fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&str, String)> {
    headers.headers.iter().map(|header| (header.key.as_str(), value(header)))
}

/// The value of a header, which is in one of two places.
pub(super) fn value(header: &HeaderValue) -> String {
    if header.raw_value.is_empty() {
        return header.value.clone();
    }
    String::from_utf8_lossy(&header.raw_value).into_owned()
}
