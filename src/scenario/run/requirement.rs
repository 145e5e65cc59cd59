//! Whether a scenario can run against a target.

use super::TargetFacts;
use crate::canonical::KeySource;
use crate::scenario::spec::{Reality, Release, ReleaseRange, Scenario};

/// Providers without nodes and pods.
const WITHOUT_NODES: [&str; 2] = ["embedded", "standalone"];

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
    if requires.gateway == Some(Reality::Real) && facts.implementation == "reference" {
        return Some("needs agentgateway itself, this is the reference gateway".to_owned());
    }
    missing_key(scenario).map(|name| format!("needs the environment variable {name}"))
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
