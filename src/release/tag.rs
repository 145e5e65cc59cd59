//! Tags of charts: how each line writes its versions.

use super::{ReleaseError, lines};
use semver::Version;

/// Checks a tag that somebody wrote for a chart of ours: RELEASE-07 if that line has tags with a `v` only. `chart` is a
/// repository as in `releases.yaml`, with or without `oci://`; other charts are not judged.
pub fn check_tag(chart: &str, tag: &str) -> Result<(), ReleaseError> {
    let plain = |text: &str| text.trim_start_matches("oci://").trim_end_matches('/').to_owned();
    let Ok(version) = Version::parse(tag) else { return Ok(()) };
    let of_chart = lines().iter().filter(|line| {
        [&line.charts.definitions, &line.charts.controller].iter().any(|known| plain(known) == plain(chart))
    });
    let of_chart: Vec<_> = of_chart.collect();
    // A chart has the spelling of its line; of a line that is not known, that of all lines of this chart if they agree.
    let same_line = of_chart.iter().find(|line| line.minor() == (version.major, version.minor));
    let wants_prefix = match same_line {
        Some(line) => line.charts.tag_prefix == "v",
        None => !of_chart.is_empty() && of_chart.iter().all(|line| line.charts.tag_prefix == "v"),
    };
    match wants_prefix {
        true => Err(ReleaseError::NoPrefix { chart: plain(chart), tag: tag.to_owned() }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::check_tag;
    use miette::Diagnostic;

    #[test]
    fn charts_that_are_tagged_with_a_v_only_are_known() {
        let kgateway = "oci://cr.kgateway.dev/kgateway-dev/charts/kgateway";
        let agentgateway = "cr.agentgateway.dev/charts/agentgateway-crds";
        for (chart, tag, right) in [(kgateway, "2.1.2", "v2.1.2"), (agentgateway, "2.2.1", "v2.2.1")] {
            let error = check_tag(chart, tag).unwrap_err();
            assert_eq!(error.code().unwrap().to_string(), "RELEASE-07");
            assert!(error.help().unwrap().to_string().contains(right), "{error:?}");
        }
        for (chart, tag) in
            [(kgateway, "v2.1.2"), (agentgateway, "1.4.1"), (agentgateway, "latest"), ("own/chart", "2.1.2")]
        {
            assert_eq!(check_tag(chart, tag), Ok(()), "{chart} {tag}");
        }
    }
}
