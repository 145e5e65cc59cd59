//! CEL expressions and regular expressions, ready to be used. Two are the same when their texts are.

use kube_cel::cel::Program;
use regex::Regex;
use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// A CEL expression.
#[derive(Clone)]
pub struct Cel {
    text: Arc<str>,
    program: Arc<Program>,
}

impl Cel {
    /// Compiles it.
    ///
    /// # Errors
    /// It is no CEL; the parser's own words.
    pub fn new(text: &str) -> Result<Self, String> {
        let program = Program::compile(text).map_err(|error| error.to_string())?;
        Ok(Self { text: text.into(), program: Arc::new(program) })
    }

    /// The compiled form.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Whether it looks at a variable, `request` or `jwt`.
    pub fn mentions(&self, text: &str) -> bool {
        self.text.contains(text)
    }
}

impl PartialEq for Cel {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Hash for Cel {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl fmt::Debug for Cel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Cel({:?})", self.text)
    }
}

/// A regular expression.
#[derive(Clone)]
pub struct Pattern(Regex);

impl Pattern {
    /// Compiles it; `None` where it is none.
    pub fn new(text: &str) -> Option<Self> {
        Regex::new(text).ok().map(Self)
    }

    /// The compiled form.
    pub fn regex(&self) -> &Regex {
        &self.0
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_str() == other.0.as_str()
    }
}

impl Hash for Pattern {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.as_str().hash(state);
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Pattern({:?})", self.0.as_str())
    }
}
