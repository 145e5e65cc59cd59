//! Version ranges, which people write as they do for other charts, and where these would lead.

use super::lines;
use semver::{Version, VersionReq};

/// The version that Helm would take for `latest` or a range: the highest number that fits, which is not the newest. None for text
/// that is neither.
pub(super) fn highest_number(range: &str) -> Option<Version> {
    let request = match range {
        "latest" | "newest" => VersionReq::STAR,
        _ => VersionReq::parse(range).ok()?,
    };
    let of_product = lines().iter().filter(|line| line.product == "agentgateway").map(|line| &line.newest);
    of_product.filter(|version| request.matches(version)).max().cloned()
}

#[cfg(test)]
mod tests {
    use super::highest_number;

    #[test]
    fn the_charts_that_ended_sort_above_those_that_live() {
        let taken = |range: &str| highest_number(range).map(|version| version.to_string());
        for range in ["latest", "*", ">=1", ">= 1.4.0", ">1.0"] {
            assert_eq!(taken(range).as_deref(), Some("2.2.9"), "{range}");
        }
        assert_eq!(taken("^1"), Some(super::super::line("agentgateway-1.5").unwrap().newest.to_string()));
        assert_eq!(taken("new"), None);
    }
}
