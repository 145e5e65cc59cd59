//! The table, arranged for look-ups. Made once a table, shared by all requests that begin under it.

use super::{balance::Balance, host::HostPattern, matcher::Matcher, precedence};
use crate::gateway::table::{Listener, Route, RouteGroup, Rule, Table};
use std::{
    collections::{BTreeMap, HashMap},
    net::SocketAddr,
    sync::Arc,
};

/// Everything that is served at one moment.
#[derive(Debug, Default)]
pub struct Directory {
    /// Listeners by port, the most specific host first.
    pub ports: BTreeMap<u16, Vec<Desk>>,
    /// Endpoints of Services by cluster DNS name and port.
    pub services: HashMap<String, BTreeMap<u16, Endpoints>>,
    /// ExternalName Services: cluster DNS name to target.
    pub aliases: HashMap<String, String>,
}

/// A listener with all it could answer, best match first.
#[derive(Debug)]
pub struct Desk {
    /// The listener.
    pub listener: Arc<Listener>,
    /// Hosts it is restricted to.
    pub host: HostPattern,
    /// What it could answer, in the order of precedence.
    pub entries: Vec<Entry>,
    /// The same for routes that others lead to.
    pub groups: HashMap<RouteGroup, Vec<Entry>>,
}

/// One match of one rule under one host name.
#[derive(Debug)]
pub struct Entry {
    /// Host of the route.
    pub host: HostPattern,
    /// The match.
    pub matcher: Matcher,
    /// The route.
    pub route: Arc<Route>,
    /// The rule and the state that its requests share.
    pub rule: Arc<SharedRule>,
}

/// A rule and whose turn it is.
#[derive(Debug)]
pub struct SharedRule {
    /// The rule.
    pub rule: Arc<Rule>,
    /// Shares of its backends.
    pub balance: Balance,
}

/// Where a port of a Service leads.
#[derive(Debug)]
pub struct Endpoints {
    addresses: Vec<SocketAddr>,
    balance: Balance,
}

impl Endpoints {
    /// The next one, if there is any.
    pub fn next(&self) -> Option<SocketAddr> {
        let turn = self.balance.next(self.addresses.iter().map(|_| 1))?;
        self.addresses.get(turn).copied()
    }
}

impl Directory {
    /// Arranges a table.
    pub fn new(table: &Table) -> Self {
        let mut directory = Self { aliases: table.aliases.clone().into_iter().collect(), ..Self::default() };
        for listener in &table.listeners {
            directory.ports.entry(listener.port).or_default().push(Desk::new(Arc::clone(listener)));
        }
        for desks in directory.ports.values_mut() {
            desks.sort_by_key(|desk| std::cmp::Reverse(desk.host.specificity()));
        }
        for ((host, port), endpoints) in &table.services {
            let addresses = endpoints.iter().copied().map(SocketAddr::from).collect();
            let endpoints = Endpoints { addresses, balance: Balance::new() };
            directory.services.entry(host.clone()).or_default().insert(*port, endpoints);
        }
        directory
    }

    /// The desks that serve a host: those with the most specific of the fitting host names.
    pub fn desks(&self, port: u16, host: &str) -> impl Iterator<Item = &Desk> {
        let desks = self.ports.get(&port).map_or(&[][..], Vec::as_slice);
        let best = desks.iter().find(|desk| desk.host.fits(host)).map(|desk| &desk.host);
        desks.iter().filter(move |desk| Some(&desk.host) == best)
    }

    /// Keys of all rate limits in use.
    pub fn rate_limits(table: &Table) -> impl Iterator<Item = &str> {
        table
            .listeners
            .iter()
            .flat_map(|listener| {
                let rules = listener.all_routes().flat_map(|route| &route.rules);
                rules.map(|rule| &rule.policies).chain([&listener.policies])
            })
            .flat_map(|policies| policies.rate_limits.iter().flatten())
            .map(|limit| limit.key.as_str())
    }
}

impl Desk {
    fn new(listener: Arc<Listener>) -> Self {
        let groups = listener.groups.iter().map(|(group, routes)| (group.clone(), sorted_entries(routes))).collect();
        let entries = sorted_entries(&listener.routes);
        Self { host: HostPattern::new(listener.hostname.as_deref()), entries, groups, listener }
    }
}

fn sorted_entries(routes: &[Arc<Route>]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = routes.iter().flat_map(entries_of).collect();
    // The sort is stable: what is equal stays in the order of routes, rules and matches.
    entries.sort_by(precedence::compare);
    entries
}

fn entries_of(route: &Arc<Route>) -> Vec<Entry> {
    let hosts: Vec<HostPattern> = match route.hostnames.as_slice() {
        [] => vec![HostPattern::Any],
        names => names.iter().map(|name| HostPattern::new(Some(name))).collect(),
    };
    let mut entries = Vec::new();
    for rule in &route.rules {
        let shared = Arc::new(SharedRule { rule: Arc::clone(rule), balance: Balance::new() });
        for host in &hosts {
            entries.extend(rule.matches.iter().filter_map(Matcher::new).map(|matcher| Entry {
                host: host.clone(),
                matcher,
                route: Arc::clone(route),
                rule: Arc::clone(&shared),
            }));
        }
    }
    entries
}
