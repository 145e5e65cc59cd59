//! Mistakes in the short form, each with the place where it is.

use std::fmt;

/// A mistake in the short form. A caller that has the file puts a caret at [`CanonicalError::path`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {mistake}")]
pub struct CanonicalError {
    /// Where it is, from the wiring on: `routes[0].to`, `backends.openai.pathPrefix`; empty: nowhere in particular.
    pub path: String,
    /// What it is.
    pub mistake: Mistake,
}

impl CanonicalError {
    pub(super) fn new(path: impl Into<String>, mistake: Mistake) -> Self {
        Self { path: path.into(), mistake }
    }
}

impl miette::Diagnostic for CanonicalError {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.mistake.code()))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.mistake.help().map(|help| Box::new(help) as Box<dyn fmt::Display + 'a>)
    }
}

/// What can be wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mistake {
    /// None, or more than one, of fields of which exactly one is wanted.
    #[error("exactly one of {} must be set, {}", listed(.of), if .set.is_empty() { "none is".to_owned() } else { format!("{} are", listed(.set)) })]
    ExactlyOne {
        /// The fields to choose from.
        of: Vec<&'static str>,
        /// Those that are set.
        set: Vec<&'static str>,
    },
    /// A name that points at nothing.
    #[error("there is no {kind} `{name}`")]
    NoSuch {
        /// Of what kind it should be: `backend`, `route`, `mock`, `release line`.
        kind: &'static str,
        /// The name.
        name: String,
        /// Names that exist.
        known: Vec<String>,
    },
    /// A field that has no meaning beside another.
    #[error("`{field}` has no meaning {beside}")]
    NoMeaning {
        /// The field.
        field: &'static str,
        /// Beside what.
        beside: &'static str,
    },
    /// A value that is not what it should be.
    #[error("`{value}` is not {wanted}")]
    Bad {
        /// The value.
        value: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// Something that has to be there.
    #[error("{0} is missing")]
    Missing(&'static str),
    /// One mock cannot behave in two ways in one lane.
    #[error("the mock `{0}` is told to behave in two ways")]
    TwoBehaviours(String),
    /// Resources of the release line have no place for it.
    #[error("{line} cannot say {what}")]
    Unsaid {
        /// What is meant, `` `apiKey` ``.
        what: &'static str,
        /// The line that was asked for.
        line: String,
        /// The first line that can, by date.
        first: &'static str,
    },
    /// A template of ours is broken.
    #[error("the template {template} cannot be rendered: {reason}")]
    Template {
        /// Which one.
        template: String,
        /// Why.
        reason: String,
    },
}

impl Mistake {
    /// The stable id.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ExactlyOne { .. } => "WIRING-01",
            Self::NoSuch { .. } => "WIRING-02",
            Self::NoMeaning { .. } => "WIRING-03",
            Self::Bad { .. } => "WIRING-04",
            Self::Missing(_) => "WIRING-05",
            Self::TwoBehaviours(_) => "WIRING-06",
            Self::Template { .. } => "WIRING-07",
            Self::Unsaid { .. } => "WIRING-08",
        }
    }

    /// What would be right, where that can be said.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::NoSuch { name, known, .. } => Some(match nearest(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None if known.is_empty() => "there are none here".to_owned(),
                None => format!("known here: {}", known.join(", ")),
            }),
            Self::Template { .. } => Some("this is a mistake in agw-sandbox itself, not in your file".to_owned()),
            Self::Unsaid { first, .. } => {
                Some(format!("{first} is the first release line that can: choose it or a later one, or change this"))
            }
            Self::TwoBehaviours(_) => Some("say it once, at one of the backends that the mock plays".to_owned()),
            _ => None,
        }
    }
}

/// The known name that is nearest to one that was typed, if any is near.
pub fn nearest<'a>(
    typed: &str,
    known: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>,
) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&typed, &name.as_ref().to_lowercase()), name.as_ref()))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

fn listed(names: &[&str]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => quoted.join(""),
    }
}
