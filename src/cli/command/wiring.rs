//! What a page shows of a scenario's wiring.

use crate::{
    canonical::{Backend, To},
    report::PageWiring,
    scenario::Scenario,
};
use serde_json::Value;

/// Listeners, routes, backends and mocks of a scenario, as far as it says them itself.
pub fn wiring_of(scenario: &Scenario) -> PageWiring {
    let given = &scenario.given;
    let of_gateways = given.gateways.iter().flat_map(|gateway| {
        gateway.listeners.iter().map(move |listener| format!("{} :{}", gateway.name, listener.port))
    });
    let mut listeners: Vec<String> = of_gateways.collect();
    if listeners.is_empty() {
        listeners.push(format!("the sandbox's Gateway, host {}", scenario.host()));
    }
    let routes = given.routes.iter().map(|route| {
        let path = route.path.as_deref().unwrap_or("/");
        match &route.to {
            To::One(name) => format!("{path} → {name}"),
            To::Weighted(shares) => format!("{path} → {}", shares.keys().cloned().collect::<Vec<_>>().join(", ")),
        }
    });
    let backends = given.backends.iter().map(|(name, backend)| format!("{name}: {}", kind(backend)));
    let mut mocks: Vec<String> = Vec::new();
    for mock in scenario.observed_mocks() {
        if !mocks.iter().any(|known| known == mock) {
            mocks.push(mock.to_owned());
        }
    }
    PageWiring {
        listeners,
        routes: routes.chain(plain(&given.manifests, "Route")).collect(),
        backends: backends.chain(plain(&given.manifests, "Backend")).collect(),
        mocks,
    }
}

fn kind(backend: &Backend) -> String {
    match (backend.llm, &backend.mcp, &backend.http) {
        (Some(provider), ..) => format!("{provider:?}"),
        (None, Some(servers), _) => format!("MCP, {} servers", servers.len()),
        (None, None, Some(host)) => host.clone(),
        (None, None, None) => "backend".to_owned(),
    }
}

/// Names of plain manifests whose kind ends so.
fn plain<'a>(manifests: &'a [Value], kind: &'a str) -> impl Iterator<Item = String> + 'a {
    let named = |manifest: &Value| {
        Some((manifest["kind"].as_str()?.to_owned(), manifest["metadata"]["name"].as_str()?.to_owned()))
    };
    manifests
        .iter()
        .filter_map(named)
        .filter(move |(of, _)| of.ends_with(kind))
        .map(|(of, name)| format!("{of} {name}"))
}
