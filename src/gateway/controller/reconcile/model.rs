//! AgentgatewayModels, as a listener offers them. Source: facts/manifests.md 10.2. They never get a status.

use super::{
    listener::ListenerPoint,
    llm,
    policy::{Reader, not_implemented},
};
use crate::gateway::{
    controller::resource::{AgentgatewayModel, Snapshot, VirtualSpec, VirtualTargetSpec},
    table::{
        Backend, LlmBackend, Match, Model, Models, ObjectName, PathMatch, Route, Rule, VirtualModel, VirtualTargets,
        WeightedBackend,
    },
};
use serde_json::{Map, json};
use std::sync::Arc;

/// The route of a listener's models; `None` where it offers none, and what of them is not done.
pub(super) fn route(point: &ListenerPoint<'_>, snapshot: &Snapshot) -> (Option<Arc<Route>>, Vec<String>) {
    let mut problems = Vec::new();
    if !point.takes_models() {
        return (None, problems);
    }
    let mut offered: Vec<_> = snapshot.models.values().filter(|model| is_offered(model, point, snapshot)).collect();
    offered.sort_by_key(|model| (precedence(&pattern(model)), model.metadata.created(), model.metadata.object_name()));
    let mut models = Models::default();
    for model in offered {
        if let Err(problem) = add(model, snapshot, &mut models) {
            problems.push(format!("AgentgatewayModel {}: {problem}", model.metadata.object_name()));
        }
    }
    let rule = Rule {
        name: None,
        matches: vec![Match {
            path: PathMatch::Prefix("/".to_owned()),
            method: None,
            headers: Vec::new(),
            query: Vec::new(),
        }],
        filters: Vec::new(),
        backends: vec![WeightedBackend { weight: 1, backend: Arc::new(Backend::Models(models)) }],
        request_timeout: None,
        backend_request_timeout: None,
        policies: Arc::default(),
    };
    let name = ObjectName { name: format!("{}-models", point.spec.name), ..point.gateway.metadata.object_name() };
    (Some(Arc::new(Route { name, hostnames: Vec::new(), created: i64::MAX, rules: vec![Arc::new(rule)] })), problems)
}

/// Names before patterns, long patterns before short ones.
fn precedence(pattern: &str) -> (bool, std::cmp::Reverse<usize>) {
    (pattern.contains('*'), std::cmp::Reverse(pattern.len()))
}

fn is_offered(model: &AgentgatewayModel, point: &ListenerPoint<'_>, snapshot: &Snapshot) -> bool {
    let home = &model.metadata.namespace;
    let names = model.spec.parent_refs.iter().any(|parent| {
        let namespace = parent.namespace.as_ref().unwrap_or(home);
        *namespace == point.gateway.metadata.namespace
            && parent.name == point.gateway.metadata.name
            && parent.section_name.as_ref().is_none_or(|section| *section == point.spec.name)
            && parent.port.is_none_or(|port| port == point.spec.port)
    });
    names && point.admits_namespace(home, snapshot)
}

/// What clients ask for; a model that does not say is asked for by its name.
fn pattern(model: &AgentgatewayModel) -> String {
    model.spec.wanted.model.clone().unwrap_or_else(|| model.metadata.name.clone())
}

fn add(model: &AgentgatewayModel, snapshot: &Snapshot, models: &mut Models) -> Result<(), String> {
    let (name, created) = (pattern(model), model.metadata.created());
    if let Some(spec) = &model.spec.virtual_model {
        let targets = targets(spec, &model.metadata.namespace, snapshot)?;
        models.virtuals.push(VirtualModel { name, created, targets });
        return Ok(());
    }
    let internal = model.spec.visibility.as_deref() == Some("Internal");
    let (backend, ignored) = provider(model, snapshot)?;
    models.models.push(Model { name, created, internal, backend: Arc::new(Backend::Llm(backend)) });
    match ignored.is_empty() {
        true => Ok(()),
        false => Err(not_implemented(&ignored.join(", "))),
    }
}

fn targets(spec: &VirtualSpec, namespace: &str, snapshot: &Snapshot) -> Result<VirtualTargets, String> {
    let name = |target: &VirtualTargetSpec| {
        let model = ObjectName { namespace: namespace.to_owned(), name: target.model_ref.name.clone() };
        target.model.clone().or_else(|| snapshot.models.get(&model).map(pattern)).unwrap_or(model.name)
    };
    match (&spec.weighted, &spec.conditional) {
        (Some(weighted), _) => Ok(VirtualTargets::Weighted(
            weighted.targets.iter().map(|target| (name(target), target.weight.unwrap_or(1))).collect(),
        )),
        (None, Some(conditional)) => Ok(VirtualTargets::Conditional(
            conditional.targets.iter().map(|target| (name(target), target.when.clone())).collect(),
        )),
        (None, None) => Err(not_implemented("virtualModel.failover")),
    }
}

/// The backend of a model, and what of its policies is not done.
fn provider(model: &AgentgatewayModel, snapshot: &Snapshot) -> Result<(LlmBackend, Vec<String>), String> {
    let named = model.spec.provider.as_deref().unwrap_or_default();
    let (key, suffix) = match named {
        "OpenAI" => ("openai", ""),
        // Its own path comes after what `baseURL` says.
        "Ollama" => ("openai", "/v1"),
        "Anthropic" => ("anthropic", ""),
        "Gemini" => ("gemini", ""),
        other => return Err(not_implemented(&format!("provider {other}"))),
    };
    let mut fields = Map::from_iter([(key.to_owned(), json!({}))]);
    let mut tls = false;
    if let Some(url) = &model.spec.base_url {
        let (host, port, path, secure) = parts(url).ok_or_else(|| format!("baseURL {url} is not a URL"))?;
        tls = secure;
        fields.insert("host".to_owned(), host.into());
        fields.insert("port".to_owned(), port.into());
        fields.insert("pathPrefix".to_owned(), format!("{path}{suffix}").into());
    }
    let mut reader = Reader::new(snapshot, &model.metadata.namespace);
    reader.backend(&model.spec.policies);
    if let Some(problem) = reader.problems.first() {
        return Err(problem.clone());
    }
    let llm = llm::read(model.metadata.object_name(), &fields, tls || reader.tls)?;
    let ignored = reader.unimplemented.iter().map(|path| path.replacen("backend.", "policies.", 1)).collect();
    let credential = reader.policies.backend_auth.clone();
    Ok((LlmBackend { auth: credential, policies: Arc::new(reader.policies), ..llm }, ignored))
}

/// Host, port, path and whether TLS is spoken.
fn parts(url: &str) -> Option<(String, u16, String, bool)> {
    let (secure, rest) = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (None, Some(rest)) => (false, rest),
        (None, None) => return None,
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) => (host, port.parse().ok()?),
        None => (authority, if secure { 443 } else { 80 }),
    };
    Some((host.to_owned(), port, path.trim_end_matches('/').to_owned(), secure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_has_four_parts() {
        let parts = |url| parts(url).map(|(host, port, path, tls)| format!("{host} {port} {path} {tls}"));
        assert_eq!(parts("http://fake.demo:8080/v1/").as_deref(), Some("fake.demo 8080 /v1 false"));
        assert_eq!(parts("https://api.test").as_deref(), Some("api.test 443  true"));
        assert_eq!(parts("ftp://api.test"), None);
    }

    #[test]
    fn names_come_before_patterns_and_long_patterns_before_short_ones() {
        let mut patterns = ["*", "gpt-*", "a", "gpt-4-*"];
        patterns.sort_by_key(|pattern| precedence(pattern));
        assert_eq!(patterns, ["a", "gpt-4-*", "gpt-*", "*"]);
    }
}
