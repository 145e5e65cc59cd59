//! Where a value sits in an object. A chain of borrowed steps, so that valid objects cost no text.

use std::fmt;

/// A place in an object, in the notation of the API server's errors.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    /// The object itself.
    Root,
    /// A property: `parent.name`.
    Field(&'a Path<'a>, &'a str),
    /// An element of a list: `parent[3]`.
    Index(&'a Path<'a>, usize),
    /// A key of a map, where the API server writes it in brackets: `parent[key]`.
    Key(&'a Path<'a>, &'a str),
}

impl Path<'_> {
    pub(super) fn field<'a>(&'a self, name: &'a str) -> Path<'a> {
        Path::Field(self, name)
    }

    pub(super) fn index(&self, index: usize) -> Path<'_> {
        Path::Index(self, index)
    }

    pub(super) fn key<'a>(&'a self, key: &'a str) -> Path<'a> {
        Path::Key(self, key)
    }

    /// The text of an error's field: the object as a whole is `<nil>`.
    pub(super) fn of_error(&self) -> String {
        match self {
            Path::Root => "<nil>".to_owned(),
            _ => self.to_string(),
        }
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Root => Ok(()),
            Path::Field(Path::Root, name) => formatter.write_str(name),
            Path::Field(parent, name) => write!(formatter, "{parent}.{name}"),
            Path::Index(parent, index) => write!(formatter, "{parent}[{index}]"),
            Path::Key(parent, key) => write!(formatter, "{parent}[{key}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Path;

    #[test]
    fn reads_like_the_api_server() {
        let (spec, rules) = (Path::Root.field("spec"), "rules");
        let rules = spec.field(rules);
        let rule = rules.index(0);
        assert_eq!(rule.field("tmieout").to_string(), "spec.rules[0].tmieout");
        assert_eq!(spec.key("a/b").to_string(), "spec[a/b]");
        assert_eq!(Path::Root.of_error(), "<nil>");
    }
}
