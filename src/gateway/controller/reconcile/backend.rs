//! AgentgatewayBackends, from their spec to something that can be called.

use super::{
    condition::Condition,
    llm, mcp,
    policy::{Reader, not_implemented, overlay},
    policy_book::Layer,
};
use crate::gateway::{
    Mutant,
    controller::resource::{AgentgatewayBackend, Snapshot, StaticHost},
    table::{Authority, Backend, BackendFault, LlmBackend, McpBackend, Policies, StaticBackend},
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};

/// A backend as its spec describes it.
#[derive(Debug)]
pub(super) struct ReadBackend {
    shape: Result<Backend, String>,
    inline: Policies,
    /// Fields that are ignored, by path.
    ignored: Vec<String>,
}

/// Reads a backend. What cannot be translated is an error in the real controller's words.
pub(super) fn read(backend: &AgentgatewayBackend, snapshot: &Snapshot) -> ReadBackend {
    let mut reader = Reader::new(snapshot, &backend.metadata.namespace);
    reader.backend(&backend.spec.policies);
    let shape = shape(backend, snapshot, &mut reader);
    let inline_path = |path: &String| path.replacen("backend.", "policies.", 1);
    let ignored: Vec<_> = reader.unimplemented.iter().map(inline_path).collect();
    let shape = match (reader.problems.first(), ignored.first()) {
        (Some(problem), _) => Err(problem.clone()),
        (None, Some(path)) if reader.closed => Err(not_implemented(path)),
        _ => shape,
    };
    ReadBackend { shape, inline: reader.policies, ignored }
}

fn shape(backend: &AgentgatewayBackend, snapshot: &Snapshot, reader: &mut Reader<'_>) -> Result<Backend, String> {
    let name = backend.metadata.object_name();
    let spec = &backend.spec;
    if let Some(ai) = &spec.ai {
        let Some(provider) = &ai.provider else { return Err(not_implemented("ai.groups")) };
        return llm::read(name, provider, reader.tls).map(Backend::Llm);
    }
    if let Some(servers) = &spec.mcp {
        let targets = mcp::targets(servers, &name.namespace, snapshot)?;
        reader.unimplemented.extend(mcp::ignored(servers));
        return Ok(Backend::Mcp(McpBackend {
            name,
            targets,
            stateless: servers.session_routing.as_deref() == Some("Stateless"),
            fail_open: servers.failure_mode.as_deref() == Some("FailOpen"),
            always_prefixed: servers.prefix_mode.as_deref() == Some("Always"),
            rules: None,
            policies: Arc::default(),
        }));
    }
    if let Some(host) = &spec.static_host {
        return plain(host, reader.tls).map(Backend::Static);
    }
    let other = spec.other.keys().next().map_or("a backend without a type", String::as_str);
    Err(not_implemented(other))
}

fn plain(host: &StaticHost, tls: bool) -> Result<StaticBackend, String> {
    if let Some(field) = host.other.keys().next() {
        return Err(not_implemented(&format!("static.{field}")));
    }
    let authority = Authority { host: host.host.clone(), port: host.port };
    Ok(StaticBackend { authority, auth: None, tls })
}

impl ReadBackend {
    /// Status of the backend.
    pub(super) fn status(&self, generation: i64, mutant: Option<Mutant>) -> Value {
        let accepted = match &self.shape {
            Err(problem) if mutant == Some(Mutant::MissingKeyAccepted) && problem.contains(" missing ") => {
                Condition::yes("Accepted", "Accepted", "Backend successfully accepted")
            }
            Err(problem) => {
                Condition::no("Accepted", "TranslationError", format!("failed to translate backend: {problem}"))
            }
            Ok(_) if self.ignored.is_empty() => Condition::yes("Accepted", "Accepted", "Backend successfully accepted"),
            Ok(_) => {
                let ignored = not_implemented(&self.ignored.join(", "));
                Condition::yes("Accepted", "Accepted", format!("Backend successfully accepted; {ignored}"))
            }
        };
        json!({"conditions": [accepted.at(generation)]})
    }

    /// What is ignored or wrong because the reference gateway does not do it.
    pub(super) fn warning(&self) -> Option<String> {
        match &self.shape {
            Err(problem) => Some(problem.clone()),
            Ok(_) => (!self.ignored.is_empty()).then(|| not_implemented(&self.ignored.join(", "))),
        }
    }

    /// Time limit of a plain server's calls; `None` for other types. Inline wins over the rule's, that over the backend's policies.
    /// The table has no place for it on the server itself.
    pub(super) fn plain_timeout(&self, rule: &Policies, own: &Layer) -> Option<Duration> {
        let limit = |policies: &Policies| policies.backend_request_timeout;
        let plain = matches!(self.shape, Ok(Backend::Static(_)));
        plain.then(|| limit(&self.inline).or(limit(rule)).or(limit(&own.policies))).flatten()
    }

    /// The backend as one rule calls it. `rule` holds the policies of the rule's route, `listener` those of the listener,
    /// `own` those whose target is the backend. Inline wins over the route, the route over the backend's policies, those over
    /// the listener's (facts/manifests.md 11).
    pub(super) fn for_rule(&self, rule: &Policies, own: &Layer, listener: &Policies) -> Backend {
        let Ok(shape) = &self.shape else { return Backend::Faulty(BackendFault::ServiceNotFound) };
        if own.closed {
            return Backend::Faulty(BackendFault::ServiceNotFound);
        }
        let around = overlay(&overlay(listener, &own.policies), rule);
        let effective = overlay(&around, &self.inline);
        let credential = effective.backend_auth.clone();
        let policies = Arc::new(Policies {
            backend_auth: credential.clone(),
            backend_request_timeout: effective.backend_request_timeout,
            llm_routes: effective.llm_routes.clone(),
            ..Policies::default()
        });
        match shape.clone() {
            Backend::Llm(llm) => Backend::Llm(LlmBackend { auth: credential, policies, ..llm }),
            Backend::Static(plain) => Backend::Static(StaticBackend { auth: credential, ..plain }),
            Backend::Mcp(mut servers) => {
                for target in &mut servers.targets {
                    target.auth = target.auth.take().or_else(|| credential.clone());
                }
                Backend::Mcp(McpBackend { rules: effective.mcp_rules.clone(), policies, ..servers })
            }
            other => other,
        }
    }
}
