//! Backends on this machine, where pods have no name for it.

use super::{ResolveError, SharedChoice};
use crate::{
    canonical::{Backend, Target, To, Wiring},
    provider::ProviderName,
};

/// The name of this machine in a profile.
const HOST: &str = "host.internal";

/// Whether an address, with a port and perhaps a path, is on this machine.
pub fn is_on_host(address: &str) -> bool {
    address.strip_prefix(HOST).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
}

/// Whether a provider's pods know this machine by its name, or can be made to.
fn is_known_to_pods(provider: ProviderName) -> bool {
    provider != ProviderName::Context
}

/// Leaves out optional backends on this machine that pods would not reach, with their routes and policies. RESOLVE-06: one
/// that is not optional.
pub(super) fn leave_out(
    wiring: &mut Wiring,
    choice: &mut SharedChoice,
    provider: ProviderName,
) -> Result<(), ResolveError> {
    if is_known_to_pods(provider) || choice.host_address.is_some() {
        return Ok(());
    }
    let on_host = wiring.backends.iter().filter(|(_, backend)| addresses(backend).any(is_on_host));
    let (optional, needed): (Vec<_>, Vec<_>) = on_host.partition(|(_, backend)| backend.optional);
    if let Some((backend, _)) = needed.first() {
        return Err(ResolveError::HostUnknown { backend: (*backend).clone(), context: choice.context.clone() });
    }
    choice.left_out = optional.into_iter().map(|(name, _)| name.clone()).collect();
    let gone = |name: &String| choice.left_out.contains(name);
    wiring.backends.retain(|name, _| !gone(name));
    wiring.routes.retain_mut(|route| match &mut route.to {
        To::One(name) => !gone(name),
        To::Weighted(shares) => {
            shares.retain(|name, _| !gone(name));
            !shares.is_empty()
        }
    });
    let paths: Vec<_> =
        wiring.routes.iter().map(|route| route.path.clone().unwrap_or_else(|| "/".to_owned())).collect();
    wiring.policies.retain(|policy| match &policy.on {
        Target::Route(path) => paths.contains(path),
        Target::Backend(name) => !gone(name),
        Target::Gateway(_) => true,
    });
    Ok(())
}

/// All addresses that a backend names.
fn addresses(backend: &Backend) -> impl Iterator<Item = &str> {
    let servers = backend.mcp.iter().flat_map(|servers| servers.values()).filter_map(|server| server.at.as_deref());
    backend.at.as_deref().into_iter().chain(backend.http.as_deref()).chain(servers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::ImageSupply;

    fn choice(host_address: Option<&str>) -> SharedChoice {
        SharedChoice {
            context: "c".to_owned(),
            api: String::new(),
            self_image: String::new(),
            supply: ImageSupply::Registry,
            host_address: host_address.map(|address| address.parse().unwrap()),
            left_out: Vec::new(),
        }
    }

    fn wiring(optional: bool) -> Wiring {
        let text = format!(
            "backends: {{openai: {{llm: openai, mock: {{}}}}, local: {{llm: ollama, at: 'host.internal:11434', optional: {optional}}}}}\n\
             routes: [{{path: /openai, to: openai}}, {{path: /ollama, to: local}}, {{path: /both, to: {{openai: 1, local: 1}}}}]\n\
             policies: [{{on: {{route: /ollama}}, timeout: 5s}}, {{on: {{route: /openai}}, timeout: 5s}}]\n"
        );
        serde_yaml::from_str(&text).unwrap()
    }

    #[test]
    fn what_pods_would_not_reach_is_left_out_whole() {
        let (mut wiring, mut choice) = (wiring(true), choice(None));
        leave_out(&mut wiring, &mut choice, ProviderName::Context).unwrap();
        assert_eq!(choice.left_out, ["local"]);
        assert_eq!(wiring.backends.keys().collect::<Vec<_>>(), ["openai"]);
        assert_eq!((wiring.routes.len(), wiring.policies.len()), (2, 1));
    }

    #[test]
    fn an_address_or_a_cluster_that_knows_the_name_leaves_all() {
        for (address, provider) in [(Some("192.168.1.20"), ProviderName::Context), (None, ProviderName::Orbstack)] {
            let (mut wiring, mut choice) = (wiring(false), choice(address));
            leave_out(&mut wiring, &mut choice, provider).unwrap();
            assert_eq!((choice.left_out.len(), wiring.backends.len()), (0, 2));
        }
        assert!(leave_out(&mut wiring(false), &mut choice(None), ProviderName::Context).is_err());
    }

    #[test]
    fn only_the_name_itself_is_this_machine() {
        assert!(is_on_host("host.internal:1") && is_on_host("host.internal:1/mcp"));
        assert!(!is_on_host("host.internal.example.com:1") && !is_on_host("ghost.internal:1"));
    }
}
