//! What a person should know before anything is done.

use super::Prepared;
use crate::{profile::ProviderChoice, provider::ProviderName};

/// Megabytes from which on nobody should download without having been told.
const WORTH_A_WORD: u64 = 200;
/// Envoy crashes under Rosetta, agentgateway's own proxy does not need it. Source: `facts/lifecycle.md` D.5.
const ROSETTA: &str = "this line brings Envoy, whose pods may crash under Rosetta on Apple silicon; if they do: \
                       `orb config set rosetta false`, then `orb stop && orb start` (nothing of OrbStack is changed for you)";

/// What a person should know before anything is done.
pub(super) fn notes(prepared: &Prepared) -> Vec<String> {
    let resolved = &prepared.resolved;
    let mut notes: Vec<String> = resolved.parts.iter().flat_map(|parts| parts.notes.clone()).collect();
    if may_crash_under_rosetta(resolved.provider, &resolved.line) {
        notes.push(ROSETTA.to_owned());
    }
    let Some(kind) = &resolved.kind else { return notes };
    let megabytes = kind.node_image.download_megabytes();
    if prepared.profile.cluster.provider == ProviderChoice::Auto && megabytes > WORTH_A_WORD {
        let image = &kind.node_image.reference;
        notes.push(format!(
            "about {megabytes} MB are downloaded first, for {image}; `--provider embedded` downloads nothing"
        ));
    }
    notes
}

/// kgateway's own charts run Envoy beside agentgateway.
fn may_crash_under_rosetta(provider: ProviderName, line: &str) -> bool {
    provider == ProviderName::Orbstack && line.starts_with("kgateway-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_envoy_on_orbstack_is_worth_the_warning() {
        assert!(may_crash_under_rosetta(ProviderName::Orbstack, "kgateway-2.1"));
        assert!(!may_crash_under_rosetta(ProviderName::Orbstack, "agentgateway-2.2"));
        assert!(!may_crash_under_rosetta(ProviderName::Kind, "kgateway-2.1"));
    }
}
