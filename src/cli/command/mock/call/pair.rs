//! Names with values on the command line.

/// A header as curl takes it: `name: value`.
pub(super) fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("a header is `name: value`")?;
    Ok((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
}

/// An entry of a descriptor: `key=value`.
pub(super) fn entry(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("an entry is `key=value`")?;
    Ok((key.to_owned(), value.to_owned()))
}
