//! What can be wrong with a profile, written for the person who reads it.

// The derive of miette reads the fields where rustc does not see it.
#![allow(unused_assignments)]

use miette::{Diagnostic, NamedSource, SourceSpan};
use std::sync::Arc;
use thiserror::Error;

/// The text of a profile file under the name by which the user knows it.
pub(super) type Text = Arc<NamedSource<String>>;

/// What can be wrong with a profile.
#[derive(Debug, Clone, Error, Diagnostic)]
pub enum ProfileError {
    /// The text is not YAML.
    #[error("this is not YAML: {reason}")]
    #[diagnostic(code("PROFILE-01"), help("indent with spaces, and close every bracket and quote"))]
    NotYaml {
        /// What the parser says.
        reason: String,
        /// The file.
        #[source_code]
        text: Text,
        /// Where.
        #[label("the parser stopped here")]
        at: SourceSpan,
    },

    /// A value has another type than its key takes.
    #[error("wrong type: {reason}")]
    #[diagnostic(
        code("PROFILE-02"),
        help("agw-sandbox profiles show quickstart   prints a whole profile to compare with")
    )]
    WrongType {
        /// What was expected.
        reason: String,
        /// The file.
        #[source_code]
        text: Text,
        /// Where.
        #[label("this value")]
        at: SourceSpan,
    },

    /// A key that the schema does not have.
    #[error("unknown key `{key}`")]
    #[diagnostic(code("PROFILE-03"), help("known here  {known}"))]
    UnknownKey {
        /// The key.
        key: String,
        /// The nearest known one, in words.
        label: String,
        /// All that are known there.
        known: String,
        /// The file.
        #[source_code]
        text: Text,
        /// Where.
        #[label("{label}")]
        at: SourceSpan,
    },

    /// A key that is there twice.
    #[error("the key `{key}` is there twice")]
    #[diagnostic(code("PROFILE-04"), help("keep one of the two; YAML does not say which would win"))]
    DuplicateKey {
        /// The key.
        key: String,
        /// The file.
        #[source_code]
        text: Text,
        /// Where the second one is.
        #[label("the second one")]
        at: SourceSpan,
    },

    /// Neither a built-in profile nor a file.
    #[error("there is no profile `{name}`")]
    #[diagnostic(code("PROFILE-05"), help("{hint}"))]
    UnknownProfile {
        /// As it was written.
        name: String,
        /// The nearest, and all built-in ones.
        hint: String,
        /// The file that extends it.
        #[source_code]
        text: Option<Text>,
        /// Where.
        #[label("named here")]
        at: Option<SourceSpan>,
    },

    /// No such provider.
    #[error("there is no provider `{name}`")]
    #[diagnostic(code("PROFILE-06"), help("{hint}"))]
    UnknownProvider {
        /// As it was written.
        name: String,
        /// The nearest, and all.
        hint: String,
        /// The file.
        #[source_code]
        text: Option<Text>,
        /// Where.
        #[label("named here")]
        at: Option<SourceSpan>,
    },

    /// A route or a policy names a backend that is not there.
    #[error("there is no backend `{name}`")]
    #[diagnostic(code("PROFILE-07"), help("{known}"))]
    UnknownBackend {
        /// As it was written.
        name: String,
        /// The nearest, in words.
        label: String,
        /// All backends.
        known: String,
        /// The file.
        #[source_code]
        text: Text,
        /// Where.
        #[label("{label}")]
        at: SourceSpan,
    },

    /// `schema` or `kind` is missing or says something else.
    #[error("{reason}")]
    #[diagnostic(
        code("PROFILE-08"),
        help("a profile begins with the two lines\nschema: agw-sandbox/v1\nkind: Profile")
    )]
    NotAProfile {
        /// What is wrong with it.
        reason: String,
        /// The file.
        #[source_code]
        text: Text,
        /// Where.
        #[label("here")]
        at: SourceSpan,
    },

    /// The file cannot be read.
    #[error("{path} cannot be read: {reason}")]
    #[diagnostic(code("PROFILE-09"), help("built-in profiles go by name: agw-sandbox profiles list"))]
    Unreadable {
        /// As it was written.
        path: String,
        /// What the system says.
        reason: String,
        /// The file that extends it.
        #[source_code]
        text: Option<Text>,
        /// Where.
        #[label("named here")]
        at: Option<SourceSpan>,
    },

    /// A value of the right type that cannot be.
    #[error("`{value}` is not {wanted}")]
    #[diagnostic(code("PROFILE-10"), help("{hint}"))]
    BadValue {
        /// As it was written.
        value: String,
        /// What would be right.
        wanted: String,
        /// How to write it.
        hint: String,
        /// The file, if one said it.
        #[source_code]
        text: Option<Text>,
        /// Where.
        #[label("this value")]
        at: Option<SourceSpan>,
    },

    /// Profiles that extend each other in a circle, or too deep.
    #[error("{reason}")]
    #[diagnostic(
        code("PROFILE-11"),
        help("a chain of `extends` ends at a built-in profile or at a file without `extends`")
    )]
    EndlessExtends {
        /// The circle.
        reason: String,
        /// The file.
        #[source_code]
        text: Text,
        /// Where.
        #[label("extended here")]
        at: SourceSpan,
    },

    /// A policy names a route that is not there.
    #[error("there is no route `{path}`")]
    #[diagnostic(code("PROFILE-12"), help("{known}"))]
    UnknownRoute {
        /// As it was written.
        path: String,
        /// The nearest, in words.
        label: String,
        /// All routes.
        known: String,
        /// The file.
        #[source_code]
        text: Text,
        /// Where.
        #[label("{label}")]
        at: SourceSpan,
    },

    /// Keys that exclude each other, or of which one is needed.
    #[error("{what} needs exactly one of {choices}, and has {has}")]
    #[diagnostic(code("PROFILE-13"), help("keep one of them; what each is for: agw-sandbox explain PROFILE-13"))]
    NotExactlyOne {
        /// `backend openai`.
        what: String,
        /// The keys to choose from.
        choices: String,
        /// Those that are there.
        has: String,
        /// The file.
        #[source_code]
        text: Text,
        /// Where.
        #[label("here")]
        at: SourceSpan,
    },

    /// A key that must be there is not.
    #[error("the key `{key}` is missing")]
    #[diagnostic(code("PROFILE-14"), help("every entry of this list needs it"))]
    MissingKey {
        /// The key.
        key: String,
        /// The file.
        #[source_code]
        text: Text,
        /// Where it should be.
        #[label("in here")]
        at: SourceSpan,
    },
}
