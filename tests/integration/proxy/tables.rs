//! Tables in a few words.

use super::fixture::{LOOPBACK, PORT};
use agw_sandbox::gateway::table::*;
use std::{net::SocketAddr, sync::Arc};

pub fn name(name: &str) -> ObjectName {
    ObjectName { namespace: "demo".into(), name: name.into() }
}

pub fn listener(hostname: Option<&str>, policies: Policies, routes: Vec<Route>) -> Arc<Listener> {
    Arc::new(Listener {
        key: ListenerKey { gateway: name("gw"), listener: "http".into() },
        port: PORT,
        hostname: hostname.map(str::to_owned),
        routes: routes.into_iter().map(Arc::new).collect(),
        groups: Default::default(),
        policies: Arc::new(policies),
    })
}

/// One listener for all hosts.
pub fn table(routes: Vec<Route>) -> Table {
    Table { listeners: vec![listener(None, Policies::default(), routes)], ..Table::default() }
}

/// A route for one host name; the host is its name, too.
pub fn route(host: &str, rules: Vec<Rule>) -> Route {
    Route {
        name: name(host),
        hostnames: vec![host.into()],
        created: 0,
        rules: rules.into_iter().map(Arc::new).collect(),
    }
}

pub fn rule(path: PathMatch, backend: Backend) -> Rule {
    Rule {
        name: None,
        matches: vec![Match { path, method: None, headers: vec![], query: vec![] }],
        filters: vec![],
        backends: vec![WeightedBackend { weight: 1, backend: Arc::new(backend) }],
        request_timeout: None,
        backend_request_timeout: None,
        policies: Arc::default(),
    }
}

/// A rule for every path.
pub fn all(backend: Backend) -> Rule {
    rule(prefix("/"), backend)
}

pub fn with(rule: Rule, policies: Policies) -> Rule {
    Rule { policies: Arc::new(policies), ..rule }
}

pub fn filtered(rule: Rule, filters: Vec<Filter>) -> Rule {
    Rule { filters, ..rule }
}

pub fn prefix(path: &str) -> PathMatch {
    PathMatch::Prefix(path.into())
}

pub fn exact(path: &str) -> PathMatch {
    PathMatch::Exact(path.into())
}

pub fn authority(host: &str, port: u16) -> Authority {
    Authority { host: host.into(), port }
}

pub fn server(address: SocketAddr) -> Backend {
    named_server("127.0.0.1", address.port())
}

pub fn named_server(host: &str, port: u16) -> Backend {
    Backend::Static(StaticBackend { authority: authority(host, port), auth: None, tls: false })
}

pub fn service(host: &str) -> Backend {
    Backend::Service(ServiceBackend { host: host.into(), port: 80 })
}

pub fn endpoints(host: &str, addresses: &[SocketAddr]) -> ((String, u16), Vec<(std::net::IpAddr, u16)>) {
    ((host.into(), 80), addresses.iter().map(|address| (LOOPBACK, address.port())).collect())
}

/// A provider at a stub, with the key `sk-backend` and the prefix `/v1`.
pub fn llm(provider: LlmProvider, model: Option<&str>, address: SocketAddr) -> LlmBackend {
    LlmBackend {
        name: name("llm"),
        provider,
        model: model.map(str::to_owned),
        host_override: Some(authority("host.internal", address.port())),
        path: UpstreamPath::Prefix("/v1".into()),
        auth: Some(BackendAuth::Key("sk-backend".into())),
        tls: false,
        policies: Arc::default(),
    }
}

pub fn mcp(targets: &[(&str, SocketAddr)], stateless: bool) -> Backend {
    let targets = targets.iter().map(|(name, address)| McpTarget {
        name: (*name).into(),
        authority: authority("127.0.0.1", address.port()),
        path: "/mcp".into(),
        auth: None,
    });
    Backend::Mcp(McpBackend {
        name: name("mcp"),
        targets: targets.collect(),
        stateless,
        fail_open: false,
        always_prefixed: false,
        rules: None,
        policies: Arc::default(),
    })
}

pub fn key(key: &str) -> ApiKeyAuth {
    ApiKeyAuth {
        optional: false,
        keys: vec![ApiKey { secret: ApiKeySecret::Plain(key.into()), metadata: None }],
        header: None,
    }
}

pub fn limit(requests: u64) -> LocalRateLimit {
    LocalRateLimit {
        key: format!("demo/limit-{requests}"),
        counts: Counted::Requests,
        limit: requests,
        fill: requests,
        interval: std::time::Duration::from_secs(60),
    }
}
