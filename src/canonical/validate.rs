//! What the short form must obey before anything is rendered.

use super::{
    Backend, CanonicalError, LlmProvider, McpServer, Mistake, MockRef, Policy, RateLimit, Route, Target, To, Wiring,
    words::{Authority, SHORTEST_TIMEOUT, duration, is_hostname, is_label},
};

const NAME: &str = "a name: lower-case letters, digits and `-`, 63 at most";

/// Says what is wrong with a wiring, the first mistake only.
///
/// # Errors
/// [`CanonicalError`] with the path of the mistake.
pub fn validate(wiring: &Wiring) -> Result<(), CanonicalError> {
    for (name, backend) in &wiring.backends {
        let path = format!("backends.{name}");
        if !is_label(name) {
            return bad(path, name, NAME);
        }
        check_backend(backend, &path)?;
    }
    for (index, route) in wiring.routes.iter().enumerate() {
        check_route(route, wiring, &format!("routes[{index}]"))?;
    }
    for (index, policy) in wiring.policies.iter().enumerate() {
        check_policy(policy, wiring, &format!("policies[{index}]"))?;
    }
    Ok(())
}

fn check_backend(backend: &Backend, path: &str) -> Result<(), CanonicalError> {
    let kinds = [("llm", backend.llm.is_some()), ("mcp", backend.mcp.is_some()), ("http", backend.http.is_some())];
    exactly_one(path, &kinds)?;
    if let Some(provider) = backend.llm {
        return check_llm(backend, provider, path);
    }
    let fields = [
        ("mock", backend.mock.is_some()),
        ("at", backend.at.is_some()),
        ("model", backend.model.is_some()),
        ("pathPrefix", backend.path_prefix.is_some()),
        ("keyHeader", backend.key_header.is_some()),
        ("apis", !backend.apis.is_empty()),
        ("vertex", backend.vertex.is_some()),
        ("azure", backend.azure.is_some()),
        ("bedrock", backend.bedrock.is_some()),
    ];
    if let Some((field, _)) = fields.into_iter().find(|(_, set)| *set) {
        let beside = if backend.mcp.is_some() { "beside `mcp`: say it at its servers" } else { "beside `http`" };
        return no_meaning(format!("{path}.{field}"), field, beside);
    }
    if let Some(server) = &backend.http
        && Authority::parse(server).is_none()
    {
        return bad(format!("{path}.http"), server, "a server as `host:port`");
    }
    match &backend.mcp {
        Some(servers) => check_mcp(servers, &format!("{path}.mcp")),
        None => Ok(()),
    }
}

fn check_llm(backend: &Backend, provider: LlmProvider, path: &str) -> Result<(), CanonicalError> {
    check_cloud(backend, provider, path)?;
    let elsewhere = backend.mock.is_some() || backend.at.is_some();
    if backend.mock.is_some() && backend.at.is_some() {
        return exactly_one(path, &[("mock", true), ("at", true)]);
    }
    if provider == LlmProvider::Ollama && !elsewhere {
        return Err(CanonicalError::new(path, Mistake::Missing("`at: host:port` of the Ollama server")));
    }
    if let Some(at) = &backend.at
        && Authority::parse(at).is_none()
    {
        return bad(format!("{path}.at"), at, "a server as `host:port`");
    }
    if let Some(MockRef::Named(mock)) = &backend.mock
        && !is_label(mock)
    {
        return bad(format!("{path}.mock"), mock, NAME);
    }
    let Some(prefix) = &backend.path_prefix else { return Ok(()) };
    let path = format!("{path}.pathPrefix");
    if !elsewhere {
        return no_meaning(path, "pathPrefix", "without `mock` or `at`: a vendor has its own paths");
    }
    if provider == LlmProvider::Ollama {
        return no_meaning(path, "pathPrefix", "with Ollama: its path is always /v1/chat/completions");
    }
    if prefix != "none" && !prefix.starts_with('/') {
        return bad(path, prefix, "a path that begins with `/`, or `none`");
    }
    Ok(())
}

/// A cloud is described, and no other one.
fn check_cloud(backend: &Backend, provider: LlmProvider, path: &str) -> Result<(), CanonicalError> {
    let clouds = [
        ("vertex", LlmProvider::Vertex, backend.vertex.is_some()),
        ("azure", LlmProvider::Azure, backend.azure.is_some()),
        ("bedrock", LlmProvider::Bedrock, backend.bedrock.is_some()),
    ];
    if let Some((field, ..)) = clouds.into_iter().find(|(_, cloud, set)| *set && *cloud != provider) {
        return no_meaning(format!("{path}.{field}"), field, "beside another provider");
    }
    if provider == LlmProvider::Vertex && backend.vertex.as_ref().is_none_or(|vertex| vertex.project.is_empty()) {
        return Err(CanonicalError::new(path, Mistake::Missing("`vertex: {project: …}`")));
    }
    if provider == LlmProvider::Azure && backend.azure.as_ref().is_none_or(|azure| azure.resource.is_empty()) {
        return Err(CanonicalError::new(path, Mistake::Missing("`azure: {resource: …}`")));
    }
    if let Some(bedrock) = &backend.bedrock
        && bedrock.access_key.is_some() != bedrock.secret_key.is_some()
    {
        return Err(CanonicalError::new(
            format!("{path}.bedrock"),
            Mistake::Missing("`accessKey` and `secretKey` together"),
        ));
    }
    if backend.key_header.is_some() && backend.key.is_none() {
        return no_meaning(format!("{path}.keyHeader"), "keyHeader", "without `key`");
    }
    Ok(())
}

fn check_mcp(servers: &indexmap::IndexMap<String, McpServer>, path: &str) -> Result<(), CanonicalError> {
    if servers.is_empty() {
        return Err(CanonicalError::new(path, Mistake::Missing("a server")));
    }
    for (name, server) in servers {
        let path = format!("{path}.{name}");
        if !is_label(name) {
            return bad(path, name, NAME);
        }
        exactly_one(&path, &[("mock", server.mock.is_some()), ("at", server.at.is_some())])?;
        if let Some(mock) = server.mock.as_ref().filter(|mock| !is_label(mock)) {
            return bad(format!("{path}.mock"), mock, NAME);
        }
        if let Some(at) = server.at.as_ref().filter(|at| Authority::parse_with_path(at, "/mcp").is_none()) {
            return bad(format!("{path}.at"), at, "a server as `host:port/path`");
        }
    }
    Ok(())
}

fn check_route(route: &Route, wiring: &Wiring, path: &str) -> Result<(), CanonicalError> {
    let Some(prefix) = &route.path else { return Err(CanonicalError::new(path, Mistake::Missing("`path`"))) };
    if !prefix.starts_with('/') || prefix.contains("//") || prefix.contains(['?', '#', ' ']) {
        return bad(format!("{path}.path"), prefix, "a path that begins with `/`");
    }
    if route.exact && route.strip == Some(true) {
        return no_meaning(format!("{path}.strip"), "strip", "beside `exact`: only a prefix can be stripped");
    }
    for (index, host) in route.hosts.iter().enumerate() {
        if !is_hostname(host, true) {
            return bad(format!("{path}.hosts[{index}]"), host, "a host name in lower case");
        }
    }
    let known = |name: &str, path: String| match wiring.backends.contains_key(name) {
        true => Ok(()),
        false => no_such(path, "backend", name, wiring.backends.keys().cloned().collect()),
    };
    match &route.to {
        To::One(name) if name.is_empty() => Err(CanonicalError::new(path, Mistake::Missing("`to`"))),
        To::One(name) => known(name, format!("{path}.to")),
        To::Weighted(shares) => {
            for name in shares.keys() {
                known(name, format!("{path}.to.{name}"))?;
            }
            match shares.values().any(|share| *share > 0) {
                true => Ok(()),
                false => Err(CanonicalError::new(format!("{path}.to"), Mistake::Missing("a weight above 0"))),
            }
        }
    }
}

fn check_policy(policy: &Policy, wiring: &Wiring, path: &str) -> Result<(), CanonicalError> {
    let set = policy.traffic().next();
    if set.is_none() && policy.backend_timeout.is_none() && policy.prompt_guard.is_none() {
        return Err(CanonicalError::new(path, Mistake::Missing("a rule")));
    }
    check_target(&policy.on, set, wiring, path)?;
    check_guarding(policy, path)?;
    if let Some(keys) = &policy.api_key
        && keys.is_empty()
    {
        return Err(CanonicalError::new(format!("{path}.apiKey"), Mistake::Missing("a key")));
    }
    if let Some(limit) = &policy.rate_limit {
        check_limit(limit, &format!("{path}.rateLimit"))?;
    }
    for (field, value) in [("timeout", &policy.timeout), ("backendTimeout", &policy.backend_timeout)] {
        if let Some(value) = value
            && duration(value).is_none_or(|time| time < SHORTEST_TIMEOUT)
        {
            return bad(format!("{path}.{field}"), value, "a time of 100ms at least, like `500ms` or `30s`");
        }
    }
    Ok(())
}

fn check_guarding(policy: &Policy, path: &str) -> Result<(), CanonicalError> {
    if let Some(jwt) = &policy.jwt {
        exactly_one(&format!("{path}.jwt"), &[("mock", jwt.mock.is_some()), ("keys", jwt.keys.is_some())])?;
    }
    if let Some(rules) = &policy.authorize {
        let set = [
            ("allow", !rules.allow.is_empty()),
            ("deny", !rules.deny.is_empty()),
            ("require", !rules.require.is_empty()),
        ];
        exactly_one(&format!("{path}.authorize"), &set)?;
    }
    let Some(guards) = &policy.prompt_guard else { return Ok(()) };
    for (side, guards) in [("request", &guards.request), ("response", &guards.response)] {
        for (index, guard) in guards.iter().enumerate() {
            let path = format!("{path}.promptGuard.{side}[{index}]");
            exactly_one(&path, &[("reject", guard.reject.is_some()), ("mask", guard.mask.is_some())])?;
        }
    }
    Ok(())
}

fn check_target(
    target: &Target,
    traffic: Option<&'static str>,
    wiring: &Wiring,
    path: &str,
) -> Result<(), CanonicalError> {
    match target {
        Target::Route(route) => {
            let paths: Vec<String> = wiring.routes.iter().filter_map(|route| route.path.clone()).collect();
            match paths.contains(route) {
                true => Ok(()),
                false => no_such(format!("{path}.on.route"), "route", route, paths),
            }
        }
        Target::Gateway(fields) => match fields.first() {
            None => Ok(()),
            Some((field, _)) => bad(format!("{path}.on.gateway.{field}"), field, "a field: write `gateway: {}`"),
        },
        Target::Backend(name) if !wiring.backends.contains_key(name) => {
            no_such(format!("{path}.on.backend"), "backend", name, wiring.backends.keys().cloned().collect())
        }
        Target::Backend(_) => match traffic {
            None => Ok(()),
            Some(field) => no_meaning(format!("{path}.{field}"), field, "on a backend: put it on the route"),
        },
    }
}

fn check_limit(limit: &RateLimit, path: &str) -> Result<(), CanonicalError> {
    exactly_one(path, &[("requests", limit.requests.is_some()), ("tokens", limit.tokens.is_some())])?;
    if limit.requests.or(limit.tokens) == Some(0) {
        return bad(path, "0", "a number above 0");
    }
    match unit_of(&limit.per) {
        Some(_) => Ok(()),
        None => bad(format!("{path}.per"), &limit.per, "`1s`, `60s` or `1h`: what the resource can say"),
    }
}

/// The unit that the resource has for a time.
pub(super) fn unit_of(per: &str) -> Option<&'static str> {
    match duration(per)?.as_secs() {
        1 => Some("Seconds"),
        60 => Some("Minutes"),
        3600 => Some("Hours"),
        _ => None,
    }
}

fn exactly_one(path: &str, fields: &[(&'static str, bool)]) -> Result<(), CanonicalError> {
    let set: Vec<&'static str> = fields.iter().filter(|(_, set)| *set).map(|(field, _)| *field).collect();
    if set.len() == 1 {
        return Ok(());
    }
    let of = fields.iter().map(|(field, _)| *field).collect();
    Err(CanonicalError::new(path, Mistake::ExactlyOne { of, set }))
}

fn bad(path: impl Into<String>, value: &str, wanted: &'static str) -> Result<(), CanonicalError> {
    Err(CanonicalError::new(path, Mistake::Bad { value: value.to_owned(), wanted }))
}

fn no_meaning(path: String, field: &'static str, beside: &'static str) -> Result<(), CanonicalError> {
    Err(CanonicalError::new(path, Mistake::NoMeaning { field, beside }))
}

fn no_such(path: String, kind: &'static str, name: &str, known: Vec<String>) -> Result<(), CanonicalError> {
    Err(CanonicalError::new(path, Mistake::NoSuch { kind, name: name.to_owned(), known }))
}
