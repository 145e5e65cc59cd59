//! URI templates: which resource a URI means.

use serde_json::{Map, Value};

/// The variables of a URI that a template with simple `{variables}` stands for.
pub(super) fn variables(template: &str, uri: &str) -> Option<Map<String, Value>> {
    let mut found = Map::new();
    let (mut pattern, mut rest) = (template, uri);
    while let Some((literal, after)) = pattern.split_once('{') {
        let (name, following) = after.split_once('}')?;
        rest = rest.strip_prefix(literal)?;
        let until = following.split('{').next().unwrap_or_default();
        let end = if until.is_empty() { rest.len() } else { rest.find(until)? };
        let value = &rest[..end];
        if value.is_empty() || value.contains('/') {
            return None;
        }
        found.insert(name.to_owned(), value.into());
        (pattern, rest) = (following, &rest[end..]);
    }
    (pattern == rest).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_fits_its_template_or_not() {
        let template = "test://template/{id}/data";
        assert_eq!(variables(template, "test://template/42/data").unwrap()["id"], "42");
        for strange in ["test://template//data", "test://template/1/2/data", "test://template/1/data/x", "other"] {
            assert!(variables(template, strange).is_none(), "{strange}");
        }
    }
}
