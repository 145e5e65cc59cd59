//! Host names of listeners and routes.

/// Whether two host names have a name in common. Either may be `*` or begin with `*.`.
pub(super) fn intersect(one: &str, other: &str) -> bool {
    match (one.strip_prefix('*'), other.strip_prefix('*')) {
        (Some(one), Some(other)) => one.ends_with(other) || other.ends_with(one),
        (Some(suffix), None) => other.ends_with(suffix),
        (None, Some(suffix)) => one.ends_with(suffix),
        (None, None) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn wildcards_meet_whole_labels() {
        assert!(intersect("*", "a.example.com"));
        assert!(intersect("*.example.com", "a.b.example.com"));
        assert!(intersect("*.example.com", "*.b.example.com"));
        assert!(!intersect("*.example.com", "example.com"));
        assert!(!intersect("a.example.com", "b.example.com"));
    }

    proptest! {
        #[test]
        fn the_order_does_not_matter(one in r"(\*\.)?[ab]\.[ab]", other in r"(\*\.)?[ab](\.[ab])?") {
            prop_assert_eq!(intersect(&one, &other), intersect(&other, &one));
        }
    }
}
