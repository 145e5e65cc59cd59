//! Reads sections of policies.
//!
//! A field that the reference gateway does not do is always reported. Where leaving it out would let through what the
//! author wanted to stop, everything under the policy is closed; see [`SHAPING`] for the fields that only shape traffic.

use crate::gateway::{
    controller::{
        reconcile::{
            api_key, direct, duration, mcp,
            secret::{self, NoCredential},
        },
        resource::{ApiKeyAuthentication, CorsSpec, KeySetSource, Snapshot},
    },
    table::{Cel, Cors, LlmRoute, LlmRoutes, Policies},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

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
pub(in crate::gateway::controller::reconcile) struct Reader<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) namespace: &'a str,
    /// What the proxy will do.
    pub(in crate::gateway::controller::reconcile) policies: Policies,
    /// `backend.tls: {}` was asked for.
    pub(in crate::gateway::controller::reconcile) tls: bool,
    /// Mistakes, in the real controller's words.
    pub(in crate::gateway::controller::reconcile) problems: Vec<String>,
    /// Fields the reference gateway does not do, by path.
    pub(in crate::gateway::controller::reconcile) unimplemented: Vec<String>,
    /// Nobody may get through.
    pub(in crate::gateway::controller::reconcile) closed: bool,
    /// Sets of keys that must be fetched.
    pub(in crate::gateway::controller::reconcile) key_sets: BTreeSet<KeySetSource>,
    /// Whether all entries of `rateLimit.local` count, and not only the first.
    pub(in crate::gateway::controller::reconcile) counts_all_limits: bool,
}

impl<'a> Reader<'a> {
    /// Reads for an object in a namespace.
    pub(in crate::gateway::controller::reconcile) fn new(snapshot: &'a Snapshot, namespace: &'a str) -> Self {
        let policies = Policies::default();
        Self {
            snapshot,
            namespace,
            policies,
            tls: false,
            problems: Vec::new(),
            unimplemented: Vec::new(),
            closed: false,
            key_sets: BTreeSet::new(),
            counts_all_limits: false,
        }
    }

    /// Another one for the same object.
    pub(in crate::gateway::controller::reconcile) fn fresh(&self) -> Self {
        Self::new(self.snapshot, self.namespace)
    }

    /// Takes over what another one has found wrong.
    pub(in crate::gateway::controller::reconcile) fn take_over(&mut self, other: Self) {
        self.problems.extend(other.problems);
        self.unimplemented.extend(other.unimplemented);
        self.closed |= other.closed;
    }

    /// Reads `traffic`. `identity` names the policy for its rate limit.
    pub(in crate::gateway::controller::reconcile) fn traffic(&mut self, section: &Map<String, Value>, identity: &str) {
        for (field, value) in section {
            match field.as_str() {
                "apiKeyAuthentication" => self.api_keys(value),
                "rateLimit" => self.rate_limit(value, identity),
                "directResponse" => self.policies.direct = Some(direct::answers(value)),
                "cors" => self.policies.cors = self.read::<CorsSpec>("traffic.cors", value).map(cors),
                "timeouts" => self.timeouts(value),
                "jwtAuthentication" => self.jwt(value),
                "basicAuthentication" => self.basic(value),
                "authorization" => self.authorization(value),
                "csrf" => self.csrf(value),
                "buffer" => self.buffer(value),
                "retry" => self.retry(value),
                "headerModifiers" => self.header_modifiers(value),
                "transformation" => self.transformation(value),
                "delay" => self.policies.delay = duration::limit(value["duration"].as_str()),
                "extAuth" => self.ext_auth(value),
                "extProc" => self.ext_proc(value),
                "phase" if value == "PostRouting" => {}
                _ => self.lacks(format!("traffic.{field}")),
            }
        }
    }

    /// Reads `backend`, or `policies` of a backend.
    pub(in crate::gateway::controller::reconcile) fn backend(&mut self, section: &Map<String, Value>) {
        for (field, value) in section {
            match (field.as_str(), value.as_object()) {
                ("auth", Some(auth)) => self.auth(auth),
                ("http", Some(http)) => self.http(http),
                ("tls", Some(tls)) if tls.is_empty() => self.tls = true,
                ("mcp", Some(mcp)) => self.mcp(mcp),
                ("ai", Some(ai)) => self.ai(ai),
                ("health", Some(_)) => self.health(value),
                _ => self.lacks(format!("backend.{field}")),
            }
        }
    }

    /// Reads `frontend`: nothing of it is done.
    pub(in crate::gateway::controller::reconcile) fn frontend(&mut self, section: &Map<String, Value>) {
        section.keys().for_each(|field| self.lacks(format!("frontend.{field}")));
    }

    /// Notes a field that is not done, and closes the way where it guards.
    pub(in crate::gateway::controller::reconcile) fn lacks(&mut self, path: String) {
        let shapes = SHAPING.iter().any(|known| path == *known || path.starts_with(&format!("{known}.")));
        self.closed |= !shapes;
        self.unimplemented.push(path);
    }

    pub(super) fn read<T: DeserializeOwned>(&mut self, path: &str, value: &Value) -> Option<T> {
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

    fn ai(&mut self, ai: &Map<String, Value>) {
        for (field, value) in ai {
            match field.as_str() {
                "promptGuard" => self.prompt_guard(value),
                "routes" => self.llm_routes(value),
                other if self.model_request(other, value) => {}
                _ => self.lacks(format!("backend.ai.{field}")),
            }
        }
    }

    fn llm_routes(&mut self, routes: &Value) {
        let named = |name: &Value| LlmRoute::named(name.as_str()?);
        let routes = routes.as_object().into_iter().flatten();
        let routes = routes.filter_map(|(suffix, name)| Some((suffix.clone(), named(name)?)));
        self.policies.llm_routes = Some(LlmRoutes::new(routes));
    }

    /// Reports fields that are not among those that are done.
    pub(super) fn only(&mut self, path: &str, value: &Value, done: &[&str]) {
        let fields = value.as_object().into_iter().flat_map(Map::keys);
        fields.filter(|field| !done.contains(&field.as_str())).for_each(|field| self.lacks(format!("{path}.{field}")));
    }

    /// An expression; one that is none is told in the real controller's words.
    pub(super) fn cel(&mut self, text: &str, what: &str) -> Option<Cel> {
        let read = Cel::new(text).ok();
        if read.is_none() {
            self.problems.push(format!("{what} is not a valid CEL expression: {text}"));
        }
        read
    }

    fn mcp(&mut self, mcp: &Map<String, Value>) {
        for (field, value) in mcp {
            match field.as_str() {
                "authorization" => self.policies.mcp_rules = Some(mcp::rules(value)),
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
pub(in crate::gateway::controller::reconcile) fn cors(spec: CorsSpec) -> Cors {
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
pub(in crate::gateway::controller::reconcile) fn overlay(under: &Policies, over: &Policies) -> Policies {
    let mut laid = under.under(over);
    laid.mcp_rules = match (&over.mcp_rules, &under.mcp_rules) {
        (Some(over), Some(under)) => Some(over.clone().and(under)),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    laid
}

/// The sentence by which a field that is not done is reported.
pub(in crate::gateway::controller::reconcile) fn not_implemented(path: &str) -> String {
    format!("the reference gateway does not implement {path}")
}
