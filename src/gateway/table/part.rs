//! The part of a table that one Gateway needs.

use super::{Backend, Listener, LlmBackend, ObjectName, Table};
use std::collections::BTreeSet;

/// What a pod's resolver appends to a short name.
const SEARCH: [&str; 3] = ["", ".svc.cluster.local", ".cluster.local"];

impl Table {
    /// The listeners of a Gateway with the Services and aliases that their routes lead to: nothing else of the cluster
    /// makes it another table.
    pub fn part_of(&self, gateway: &ObjectName) -> Self {
        let listeners: Vec<_> =
            self.listeners.iter().filter(|listener| listener.key.gateway == *gateway).cloned().collect();
        let mut part = Self { listeners, ..Self::default() };
        let mut waiting: Vec<String> = part.listeners.iter().flat_map(|listener| hosts(listener)).collect();
        let mut known = BTreeSet::new();
        while let Some(host) = waiting.pop() {
            for name in SEARCH.map(|suffix| format!("{host}{suffix}")) {
                if !known.insert(name.clone()) {
                    continue;
                }
                let ports = self.services.range((name.clone(), 0)..=(name.clone(), u16::MAX));
                part.services.extend(ports.map(|(key, endpoints)| (key.clone(), endpoints.clone())));
                if let Some(target) = self.aliases.get(&name) {
                    waiting.push(target.trim_end_matches('.').to_owned());
                    part.aliases.insert(name, target.clone());
                }
            }
        }
        part
    }
}

/// Names of all servers that a listener's routes lead to.
fn hosts(listener: &Listener) -> Vec<String> {
    let rules = listener.all_routes().flat_map(|route| &route.rules);
    let backends = rules.flat_map(|rule| &rule.backends).map(|backend| backend.backend.as_ref());
    let mut hosts = Vec::new();
    for backend in backends {
        match backend {
            Backend::Models(models) => {
                let servers = models.models.iter().filter_map(|model| match model.backend.as_ref() {
                    Backend::Llm(llm) => Some(llm),
                    _ => None,
                });
                hosts.extend(servers.flat_map(hosts_of));
            }
            Backend::Llm(llm) => hosts.extend(hosts_of(llm)),
            Backend::LlmGroups(llms) => {
                hosts.extend(llms.groups.iter().flatten().flat_map(hosts_of));
            }
            Backend::Mcp(mcp) => hosts.extend(mcp.targets.iter().map(|target| &target.authority.host)),
            Backend::Static(server) => hosts.push(&server.authority.host),
            Backend::Service(service) => hosts.push(&service.host),
            Backend::Routes(_) | Backend::Faulty(_) => {}
        }
    }
    let policies = listener.routes.iter().flat_map(|route| &route.rules).map(|rule| &rule.policies);
    hosts.extend(
        policies.chain([&listener.policies]).flat_map(|policies| policies.callees()).map(|callee| &callee.host),
    );
    hosts.into_iter().map(|host| host.trim_end_matches('.').to_owned()).collect()
}

/// Names of all servers that a call of a model leads to.
fn hosts_of(llm: &LlmBackend) -> impl Iterator<Item = &String> {
    let server = llm.host_override.iter().map(|server| &server.host);
    server.chain(llm.policies.callees().map(|callee| &callee.host))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::table::{
        ListenerKey, Match, PathMatch, Policies, Route, Rule, ServiceBackend, WeightedBackend,
    };
    use std::{collections::BTreeMap, sync::Arc};

    fn name(name: &str) -> ObjectName {
        ObjectName { namespace: "ns".to_owned(), name: name.to_owned() }
    }

    fn listener(gateway: &str, host: &str) -> Arc<Listener> {
        let backend = Arc::new(Backend::Service(ServiceBackend { host: host.to_owned(), port: 80 }));
        let matches = vec![Match { path: PathMatch::Prefix("/".into()), method: None, headers: vec![], query: vec![] }];
        let rule = Rule {
            name: None,
            matches,
            filters: vec![],
            backends: vec![WeightedBackend { weight: 1, backend }],
            request_timeout: None,
            backend_request_timeout: None,
            policies: Arc::new(Policies::default()),
        };
        let route = Route { name: name("route"), hostnames: vec![], created: 0, rules: vec![Arc::new(rule)] };
        Arc::new(Listener {
            key: ListenerKey { gateway: name(gateway), listener: "http".to_owned() },
            port: 80,
            hostname: None,
            routes: vec![Arc::new(route)],
            groups: BTreeMap::new(),
            policies: Arc::new(Policies::default()),
        })
    }

    #[test]
    fn only_what_a_gateway_leads_to_changes_the_digest_of_its_part() {
        let one = "one.ns.svc.cluster.local";
        let mut table = Table { listeners: vec![listener("a", "far.ns"), listener("b", "two.ns")], ..Table::default() };
        table.aliases.insert("far.ns.svc.cluster.local".to_owned(), format!("{one}."));
        table.services.insert((one.to_owned(), 80), vec![([10, 0, 0, 1].into(), 8080)]);
        table.services.insert(("two.ns.svc.cluster.local".to_owned(), 80), vec![]);
        let part = table.part_of(&name("a"));
        assert_eq!((part.listeners.len(), part.services.len(), part.aliases.len()), (1, 1, 1));

        let before = part.digest();
        table.services.insert(("two.ns.svc.cluster.local".to_owned(), 80), vec![([10, 0, 0, 2].into(), 8080)]);
        assert_eq!(table.part_of(&name("a")).digest(), before, "another Gateway's Service");
        table.services.insert((one.to_owned(), 80), vec![]);
        assert_ne!(table.part_of(&name("a")).digest(), before, "an endpoint less");
        assert_eq!(table.part_of(&name("c")), Table::default());
    }
}
