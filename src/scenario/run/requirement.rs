//! Whether a scenario can run against a target.

use super::TargetFacts;
use super::{given::prepare, mcp_suite};
use crate::canonical::{GatewayRef, KeySource, Mistake};
use crate::scenario::spec::{Reality, Release, ReleaseRange, Scenario};

/// Providers without nodes and pods.
const WITHOUT_NODES: [&str; 3] = ["embedded", "standalone", ONE_GATEWAY];

/// What is called a provider where one Gateway can be reached and no other.
pub const ONE_GATEWAY: &str = "one gateway";

/// Why a scenario cannot run here; `None`: it can.
pub fn reason_to_skip(scenario: &Scenario, facts: &TargetFacts) -> Option<String> {
    let requires = &scenario.requires;
    if let Some(line) = requires.line.as_ref().filter(|line| **line != facts.line) {
        return Some(format!("needs {line}, this is {}", facts.line));
    }
    if let Some(range) = &requires.release {
        let here = Release::parse(&facts.release);
        let inside = ReleaseRange::parse(range).zip(here).is_some_and(|(range, here)| range.contains(here));
        if !inside {
            return Some(format!("needs a release in {range}, this is {}", facts.release));
        }
    }
    if requires.cluster == Some(Reality::Real) && WITHOUT_NODES.contains(&facts.provider.as_str()) {
        return Some("needs a real cluster".to_owned());
    }
    if facts.provider == ONE_GATEWAY && !scenario.given.gateways.is_empty() {
        return Some("has a Gateway of its own, and --node-host does not say where it is reached".to_owned());
    }
    if requires.gateway == Some(Reality::Real) && facts.implementation == "reference" {
        return Some("needs agentgateway itself, this is the reference gateway".to_owned());
    }
    unsaid(scenario, &facts.line)
        .or_else(|| mcp_suite::reason_to_skip(scenario))
        .or_else(|| missing_key(scenario).map(|name| format!("needs the environment variable {name}")))
}

/// What the resources of a line have no place for.
fn unsaid(scenario: &Scenario, line: &str) -> Option<String> {
    let any = GatewayRef { namespace: "any".to_owned(), name: "any".to_owned() };
    let error = prepare(scenario, &scenario.given.wiring(), line, &any).err()?;
    matches!(error.mistake, Mistake::Unsaid { .. }).then(|| error.mistake.to_string())
}

fn missing_key(scenario: &Scenario) -> Option<&str> {
    let upstream = scenario.given.backends.values().filter_map(|backend| backend.key.as_ref());
    let policies = scenario.given.policies.iter();
    let clients = policies.filter_map(|policy| policy.api_key.as_ref()).flat_map(|keys| keys.values());
    upstream.chain(clients).find_map(|key| match key {
        KeySource::FromEnv(name) if std::env::var_os(name).is_none() => Some(name.as_str()),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Catalogue;

    #[test]
    fn a_line_skips_what_it_cannot_say_and_what_came_later() {
        let catalogue = Catalogue::built_in().unwrap();
        let reason = |id: &str, line: &str, release: &str| {
            let scenario = catalogue.all().iter().find(|scenario| scenario.id == id).unwrap();
            let [line, release] = [line, release].map(str::to_owned);
            let (provider, implementation) = ("kind".to_owned(), "real".to_owned());
            reason_to_skip(scenario, &TargetFacts { line, release, provider, implementation })
        };
        assert_eq!(reason("POL-01", "kgateway-2.1", "2.1.3").as_deref(), Some("kgateway-2.1 cannot say `apiKey`"));
        assert!(reason("INS-02", "kgateway-2.1", "2.1.3").unwrap().starts_with("needs a release in 2.2.."));
        for (line, release) in
            [("agentgateway-2.2", "2.2.9"), ("agentgateway-1.0", "1.0.1"), ("agentgateway-1.5", "1.5.0")]
        {
            assert_eq!(reason("POL-01", line, release), None, "{line}");
            assert_eq!(reason("INS-02", line, release), None, "{line}");
        }
    }
}
