//! The sections of policies, from text to what the proxy applies.
//!
//! A field that the reference gateway does not do is always reported. Where leaving it out would let through what the
//! author wanted to stop, everything under the policy is closed; see [`SHAPING`] for the fields that only shape traffic.

use super::{
    api_key, duration,
    secret::{self, NoCredential},
};
use crate::gateway::{
    controller::resource::{ApiKeyAuthentication, CorsSpec, RateLimitEntry, Snapshot},
    table::{Cors, LlmRoute, LlmRoutes, LocalRateLimit, Policies},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::time::Duration;

/// Fields that change how traffic looks or how well it goes, but not who gets through. They are ignored and reported.
const SHAPING: [&str; 22] = [
    "traffic.retry",
    "traffic.transformation",
    "traffic.headerModifiers",
    "traffic.hostRewrite",
    "traffic.delay",
    "traffic.phase",
    "traffic.timeouts",
    "backend.http",
    "backend.tcp",
    "backend.health",
    "backend.transformation",
    "backend.ai.prompt",
    "backend.ai.modelAliases",
    "backend.ai.defaults",
    "backend.ai.overrides",
    "backend.ai.transformations",
    "backend.ai.promptCaching",
    "frontend.accessLog",
    "frontend.tracing",
    "frontend.metrics",
    "frontend.tcp",
    "frontend.http",
];

/// Seconds that an answer to a preflight may be kept when nothing is said. Source: facts/manifests.md 3.2.
const DEFAULT_MAX_AGE: u32 = 5;

/// Reads sections of a policy, or inline policies of a backend.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    snapshot: &'a Snapshot,
    namespace: &'a str,
    /// What the proxy will do.
    pub(super) policies: Policies,
    /// `backend.tls: {}` was asked for.
    pub(super) tls: bool,
    /// Mistakes, in the real controller's words.
    pub(super) problems: Vec<String>,
    /// Fields the reference gateway does not do, by path.
    pub(super) unimplemented: Vec<String>,
    /// Nobody may get through.
    pub(super) closed: bool,
}

impl<'a> Reader<'a> {
    /// Reads for an object in a namespace.
    pub(super) fn new(snapshot: &'a Snapshot, namespace: &'a str) -> Self {
        let policies = Policies::default();
        Self {
            snapshot,
            namespace,
            policies,
            tls: false,
            problems: Vec::new(),
            unimplemented: Vec::new(),
            closed: false,
        }
    }

    /// Reads `traffic`. `identity` names the policy for its rate limit.
    pub(super) fn traffic(&mut self, section: &Map<String, Value>, identity: &str) {
        for (field, value) in section {
            match field.as_str() {
                "apiKeyAuthentication" => self.api_keys(value),
                "rateLimit" => self.rate_limit(value, identity),
                "directResponse" => self.policies.direct = Some(super::direct::answers(value)),
                "cors" => self.policies.cors = self.read::<CorsSpec>("traffic.cors", value).map(cors),
                "timeouts" => self.timeouts(value),
                "phase" if value == "PostRouting" => {}
                _ => self.lacks(format!("traffic.{field}")),
            }
        }
    }

    /// Reads `backend`, or `policies` of a backend.
    pub(super) fn backend(&mut self, section: &Map<String, Value>) {
        for (field, value) in section {
            match (field.as_str(), value.as_object()) {
                ("auth", Some(auth)) => self.auth(auth),
                ("http", Some(http)) => self.http(http),
                ("tls", Some(tls)) if tls.is_empty() => self.tls = true,
                ("mcp", Some(mcp)) => self.mcp(mcp),
                ("ai", Some(inner)) => self.ai(inner),
                _ => self.lacks(format!("backend.{field}")),
            }
        }
    }

    fn ai(&mut self, section: &Map<String, Value>) {
        for (field, value) in section {
            match (field.as_str(), value.as_object()) {
                ("routes", Some(routes)) => {
                    let named = |name: &Value| LlmRoute::named(name.as_str()?);
                    let routes = routes.iter().filter_map(|(suffix, name)| Some((suffix.clone(), named(name)?)));
                    self.policies.llm_routes = Some(LlmRoutes::new(routes));
                }
                _ => self.lacks(format!("backend.ai.{field}")),
            }
        }
    }

    /// Reads `frontend`: nothing of it is done.
    pub(super) fn frontend(&mut self, section: &Map<String, Value>) {
        section.keys().for_each(|field| self.lacks(format!("frontend.{field}")));
    }

    /// Notes a field that is not done, and closes the way where it guards.
    pub(super) fn lacks(&mut self, path: String) {
        let shapes = SHAPING.iter().any(|known| path == *known || path.starts_with(&format!("{known}.")));
        self.closed |= !shapes;
        self.unimplemented.push(path);
    }

    fn read<T: DeserializeOwned>(&mut self, path: &str, value: &Value) -> Option<T> {
        match T::deserialize(value) {
            Ok(read) => Some(read),
            Err(error) => {
                self.problems.push(format!("{path}: {error}"));
                self.closed = true;
                None
            }
        }
    }

    fn api_keys(&mut self, value: &Value) {
        let Some(spec) = self.read::<ApiKeyAuthentication>("traffic.apiKeyAuthentication", value) else { return };
        let keys = api_key::read(&spec, self.namespace, self.snapshot);
        self.policies.api_key = keys.auth;
        self.problems.extend(keys.problems);
        keys.unimplemented.into_iter().for_each(|field| self.lacks(format!("traffic.{field}")));
    }

    /// Only the first local entry counts. Source: facts/lifecycle.md C.3.
    fn rate_limit(&mut self, value: &Value, identity: &str) {
        let Some(fields) = value.as_object() else { return };
        for field in fields.keys().filter(|field| *field != "local") {
            self.lacks(format!("traffic.rateLimit.{field}"));
        }
        let Some(first) = value["local"].get(0) else { return };
        let Some(entry) = self.read::<RateLimitEntry>("traffic.rateLimit.local", first) else { return };
        let Some(requests) = entry.requests else { return self.lacks("traffic.rateLimit.local.tokens".to_owned()) };
        let interval = match entry.unit.as_str() {
            "Seconds" => Duration::from_secs(1),
            "Minutes" => Duration::from_secs(60),
            _ => Duration::from_secs(3600),
        };
        let limit = requests.saturating_add(entry.burst.unwrap_or(0));
        let key = format!("{identity}/local/0");
        self.policies.rate_limit = Some(LocalRateLimit { key, limit, fill: requests, interval });
    }

    fn timeouts(&mut self, value: &Value) {
        let Some(fields) = value.as_object() else { return };
        for field in fields.keys().filter(|field| *field != "request") {
            self.lacks(format!("traffic.timeouts.{field}"));
        }
        self.policies.request_timeout = duration::limit(value["request"].as_str());
    }

    fn auth(&mut self, auth: &Map<String, Value>) {
        match secret::credential(auth, self.namespace, self.snapshot) {
            Ok(credential) => self.policies.backend_auth = credential,
            Err(NoCredential::Missing(problem)) => self.problems.push(problem),
            Err(NoCredential::Unimplemented(field)) => self.lacks(format!("backend.auth.{field}")),
        }
    }

    fn mcp(&mut self, mcp: &Map<String, Value>) {
        for (field, value) in mcp {
            match field.as_str() {
                "authorization" => self.policies.mcp_rules = Some(super::mcp::rules(value)),
                _ => self.lacks(format!("backend.mcp.{field}")),
            }
        }
    }

    fn http(&mut self, http: &Map<String, Value>) {
        for (field, value) in http {
            match field.as_str() {
                "requestTimeout" => self.policies.backend_request_timeout = duration::limit(value.as_str()),
                _ => self.lacks(format!("backend.http.{field}")),
            }
        }
    }
}

/// CORS as the proxy applies it.
pub(super) fn cors(spec: CorsSpec) -> Cors {
    Cors {
        allow_origins: spec.allow_origins,
        allow_methods: spec.allow_methods,
        allow_headers: spec.allow_headers,
        expose_headers: spec.expose_headers,
        allow_credentials: spec.allow_credentials,
        max_age: spec.max_age.unwrap_or(DEFAULT_MAX_AGE),
    }
}

/// Lays policies over others: each field that `over` sets replaces the whole field.
pub(super) fn overlay(under: &Policies, over: &Policies) -> Policies {
    Policies {
        api_key: over.api_key.clone().or_else(|| under.api_key.clone()),
        rate_limit: over.rate_limit.clone().or_else(|| under.rate_limit.clone()),
        direct: over.direct.clone().or_else(|| under.direct.clone()),
        cors: over.cors.clone().or_else(|| under.cors.clone()),
        request_timeout: over.request_timeout.or(under.request_timeout),
        backend_request_timeout: over.backend_request_timeout.or(under.backend_request_timeout),
        backend_auth: over.backend_auth.clone().or_else(|| under.backend_auth.clone()),
        mcp_rules: match (&over.mcp_rules, &under.mcp_rules) {
            (Some(over), Some(under)) => Some(over.clone().and(under)),
            (one, other) => one.clone().or_else(|| other.clone()),
        },
        llm_routes: over.llm_routes.clone().or_else(|| under.llm_routes.clone()),
    }
}

/// The sentence by which a field that is not done is reported.
pub(super) fn not_implemented(path: &str) -> String {
    format!("the reference gateway does not implement {path}")
}
