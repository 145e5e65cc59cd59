//! The name that was probably meant.

/// The known name that is nearest to `name`, if one is near enough to be a slip: a third of its letters at most.
pub(super) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 3).max(2);
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The label under a caret: the nearest name, or that there is none.
pub(super) fn label<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(name, known) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None => "not known here".to_owned(),
    }
}

/// One line of help: the nearest name if there is one, and all names.
pub(super) fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    let all = known.clone().into_iter().collect::<Vec<_>>().join(", ");
    match nearest(name, known) {
        Some(candidate) => format!("did you mean `{candidate}`? Known are {all}"),
        None => format!("known are {all}"),
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_near_and_another_word_is_not() {
        assert_eq!(nearest("realease", ["release", "routes"]), Some("release"));
        assert_eq!(nearest("knd", ["kind", "context"]), Some("kind"));
        assert_eq!(nearest("entirely", ["kind", "context"]), None);
    }
}
