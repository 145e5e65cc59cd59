//! The profiles that come with the program; data in `profiles/`.

use super::error::ProfileError;
use super::{Overrides, Profile, load, nearest};

/// A profile that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuiltIn {
    /// Its name.
    pub name: &'static str,
    /// Its file as it is.
    pub text: &'static str,
}

const BUILT_IN: &[BuiltIn] = &[
    BuiltIn { name: "quickstart", text: include_str!("../../profiles/quickstart.yaml") },
    BuiltIn { name: "gates", text: include_str!("../../profiles/gates.yaml") },
    BuiltIn { name: "minimal", text: include_str!("../../profiles/minimal.yaml") },
    BuiltIn { name: "ci", text: include_str!("../../profiles/ci.yaml") },
    BuiltIn { name: "ci-reference", text: include_str!("../../profiles/ci-reference.yaml") },
];

/// All built-in profiles, the default first.
pub fn built_ins() -> &'static [BuiltIn] {
    BUILT_IN
}

/// Their names, the default first.
pub fn built_in_names() -> impl Iterator<Item = &'static str> + Clone {
    BUILT_IN.iter().map(|profile| profile.name)
}

/// The built-in profile of that name, or PROFILE-05 with the nearest name.
pub fn built_in(name: &str) -> Result<Profile, ProfileError> {
    match find(name) {
        Some(_) => load(name, &Overrides::default()),
        None => Err(unknown(name)),
    }
}

pub(super) fn find(name: &str) -> Option<BuiltIn> {
    BUILT_IN.iter().find(|profile| profile.name == name).copied()
}

pub(super) fn unknown(name: &str) -> ProfileError {
    let hint = format!("{}; a file goes by its path, ./team.yaml", nearest::hint(name, built_in_names()));
    ProfileError::UnknownProfile { name: name.to_owned(), hint, text: None, at: None }
}
