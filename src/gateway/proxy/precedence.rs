//! Which of several fitting matches wins. Source: Gateway API, HTTPRoute `hostnames` and HTTPRouteRule `matches`.

use super::directory::Entry;
use std::cmp::Ordering;

/// The more specific host, then the more specific match, then the older route, then the first by name.
pub fn compare(one: &Entry, other: &Entry) -> Ordering {
    other
        .host
        .specificity()
        .cmp(&one.host.specificity())
        .then_with(|| other.matcher.specificity().cmp(&one.matcher.specificity()))
        .then_with(|| one.route.created.cmp(&other.route.created))
        .then_with(|| one.route.name.cmp(&other.route.name))
}

#[cfg(test)]
mod tests {
    use crate::gateway::proxy::{directory::Directory, matcher::Laxity};
    use crate::gateway::table::*;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn any_match() -> impl Strategy<Value = Match> {
        let path = prop_oneof![
            prop::sample::select(vec!["/a", "/a/b", "/a/b/c"]).prop_map(|path| PathMatch::Exact(path.into())),
            prop::sample::select(vec!["/", "/a", "/a/b"]).prop_map(|path| PathMatch::Prefix(path.into())),
        ];
        let headers = prop::sample::subsequence(vec!["x-one", "x-two"], 0..=2)
            .prop_map(|names| names.into_iter().map(|name| HeaderMatch::Exact(name.into(), "1".into())).collect());
        (path, prop::option::of(Just("GET".to_owned())), headers).prop_map(|(path, method, headers)| Match {
            path,
            method,
            headers,
            query: vec![],
        })
    }

    fn route(index: usize, host: Option<&str>, wanted: Match) -> Arc<Route> {
        let rule = Rule {
            name: None,
            matches: vec![wanted],
            filters: vec![],
            backends: vec![],
            request_timeout: None,
            backend_request_timeout: None,
            policies: Arc::default(),
        };
        Arc::new(Route {
            name: ObjectName { namespace: "ns".into(), name: format!("r{index}") },
            hostnames: host.map(str::to_owned).into_iter().collect(),
            created: i64::try_from(index % 2).unwrap(),
            rules: vec![Arc::new(rule)],
        })
    }

    /// What the standard says, written down a second time: rank of a route that matches.
    fn rank(route: &Route) -> (usize, bool, usize, bool, usize, std::cmp::Reverse<i64>) {
        let wanted = &route.rules[0].matches[0];
        let (exact, length) = match &wanted.path {
            PathMatch::Exact(path) => (true, path.len()),
            PathMatch::Prefix(path) | PathMatch::Regex(path) => (false, path.len()),
        };
        let host = route.hostnames.first().map_or(0, |host| if host.starts_with('*') { 1 } else { 2 });
        (host, exact, length, wanted.method.is_some(), wanted.headers.len(), std::cmp::Reverse(route.created))
    }

    proptest! {
        #[test]
        fn the_winner_has_the_highest_rank(
            routes in prop::collection::vec((prop::sample::select(vec![None, Some("*.test"), Some("a.test")]), any_match()), 1..12),
            path in prop::sample::select(vec!["/", "/a", "/a/b", "/a/b/c", "/a/bc"]),
        ) {
            let routes: Vec<_> =
                routes.into_iter().enumerate().map(|(index, (host, wanted))| route(index, host, wanted)).collect();
            let key = ListenerKey { gateway: routes[0].name.clone(), listener: "http".into() };
            let listener = Listener { key, port: 80, hostname: None, routes: routes.clone(), groups: Default::default(), policies: Arc::default() };
            let directory = Directory::new(&Table { listeners: vec![Arc::new(listener)], ..Table::default() });
            let request = http::Request::builder().uri(path).header("x-one", "1").body(()).unwrap().into_parts().0;
            let desk = directory.desks(80, "a.test").next().unwrap();
            let fitting = || desk.entries.iter().filter(|entry| entry.matcher.fits(&request, Laxity::default()));
            let best = fitting().map(|entry| rank(&entry.route)).max();
            prop_assert_eq!(fitting().next().map(|entry| rank(&entry.route)), best);
        }
    }
}
