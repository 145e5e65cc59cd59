//! Who gets through: tokens, passwords, rules, pages.

use super::reader::Reader;
use crate::gateway::{
    controller::{
        reconcile::{secret, service::dns_name},
        resource::KeySetSource,
    },
    table::{
        Authorization, BasicAuth, Csrf, JwtAuth, JwtMode, JwtProvider, KeySet, McpLogin, ObjectName, TokenLocation,
    },
};
use serde_json::Value;

/// What a browser shows unless something is said. Source: facts/manifests.md 2.2.
const USUAL_REALM: &str = "Restricted";
/// Entry of a Secret with users unless another is named.
const USERS: &str = ".htaccess";

impl Reader<'_> {
    pub(super) fn jwt(&mut self, spec: &Value) {
        self.only("traffic.jwtAuthentication", spec, &["mode", "providers", "location", "mcp"]);
        let mode = match spec["mode"].as_str() {
            Some("Optional") => JwtMode::Optional,
            Some("Permissive") => JwtMode::Permissive,
            _ => JwtMode::Strict,
        };
        let providers = spec["providers"].as_array().cloned().unwrap_or_default();
        let providers = providers.iter().map(|provider| self.jwt_provider(provider)).collect();
        let location = self.location("traffic.jwtAuthentication", &spec["location"]).unwrap_or_default();
        if let Some(mcp) = spec.get("mcp") {
            self.only("traffic.jwtAuthentication.mcp", mcp, &["resourceMetadata"]);
        }
        let mcp = spec.get("mcp").map(|mcp| McpLogin { metadata: mcp["resourceMetadata"].to_string() });
        self.policies.jwt = Some(JwtAuth { mode, providers, location, mcp });
    }

    fn jwt_provider(&mut self, provider: &Value) -> JwtProvider {
        let audiences = provider["audiences"].as_array().into_iter().flatten();
        JwtProvider {
            issuer: provider["issuer"].as_str().unwrap_or_default().to_owned(),
            audiences: audiences.filter_map(Value::as_str).map(str::to_owned).collect(),
            keys: self.key_set(&provider["jwks"]),
        }
    }

    /// Keys that are not there are no keys: then nobody passes.
    fn key_set(&mut self, jwks: &Value) -> KeySet {
        if let Some(text) = jwks["inline"].as_str() {
            return KeySet::new(text);
        }
        let remote = &jwks["remote"];
        let Some(callee) = self.callee(&remote["backendRef"], "jwks") else { return KeySet::new("") };
        let path = remote["jwksPath"].as_str().unwrap_or_default();
        let path = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let source = KeySetSource { host: callee.host, port: callee.port, path };
        let known = self.snapshot.key_sets.get(&source).map(|text| KeySet::new(text));
        if known.is_none() {
            self.problems
                .push(format!("jwks keyset for \"{source}\" isn't available (not yet fetched or fetch failed)"));
        }
        self.key_sets.insert(source);
        known.unwrap_or_else(|| KeySet::new(""))
    }

    /// Where a credential is, if that is said and understood.
    fn location(&mut self, path: &str, spec: &Value) -> Option<TokenLocation> {
        let fields = spec.as_object()?;
        let text = |field: &str, name: &str| spec[field][name].as_str().map(str::to_owned);
        if let Some(name) = text("header", "name") {
            return Some(TokenLocation::Header(
                name.to_ascii_lowercase(),
                text("header", "prefix").unwrap_or_default(),
            ));
        }
        if let Some(name) = text("cookie", "name") {
            return Some(TokenLocation::Cookie(name));
        }
        if let Some(name) = text("queryParameter", "name") {
            return Some(TokenLocation::Query(name));
        }
        fields.keys().for_each(|field| self.lacks(format!("{path}.location.{field}")));
        None
    }

    pub(super) fn basic(&mut self, spec: &Value) {
        self.only("traffic.basicAuthentication", spec, &["mode", "realm", "users", "secretRef"]);
        let mut lines: Vec<String> = spec["users"].as_array().into_iter().flatten().filter_map(text).collect();
        if let Some(name) = spec["secretRef"]["name"].as_str() {
            match self.htpasswd(name, spec["secretRef"]["key"].as_str().unwrap_or(USERS)) {
                Ok(file) => lines.extend(file.lines().map(str::to_owned)),
                Err(problem) => self.problems.push(problem),
            }
        }
        let pairs = lines.iter().filter_map(|line| line.trim().split_once(':'));
        self.policies.basic = Some(BasicAuth {
            optional: spec["mode"] == "Optional",
            realm: spec["realm"].as_str().unwrap_or(USUAL_REALM).to_owned(),
            users: pairs.map(|(user, stored)| (user.to_owned(), stored.to_owned())).collect(),
        });
    }

    fn htpasswd(&self, name: &str, entry: &str) -> Result<String, String> {
        let secret = secret::find(self.snapshot, self.namespace, name)?;
        secret.text(entry).ok_or_else(|| format!("secret {}/{name} missing {entry} value", self.namespace))
    }

    /// A rule that is no CEL never holds: one that allows or is required closes the way, one that denies leaves it open.
    pub(super) fn authorization(&mut self, spec: &Value) {
        let mut rules = Authorization::default();
        let expressions = spec["policy"]["matchExpressions"].as_array().cloned().unwrap_or_default();
        let good: Vec<_> = expressions
            .iter()
            .filter_map(Value::as_str)
            .filter_map(|text| self.cel(text, "authorization matchExpression"))
            .collect();
        let broken = good.len() < expressions.len();
        match spec["action"].as_str() {
            Some("Deny") => rules.deny = good,
            Some("Require") => (rules.require, rules.broken) = (good, broken),
            _ => {
                rules.broken = good.is_empty() && broken;
                rules.allow = good;
            }
        }
        self.policies.authorization = Some(rules);
    }

    pub(super) fn csrf(&mut self, spec: &Value) {
        let origins = spec["additionalOrigins"].as_array().into_iter().flatten();
        self.policies.csrf = Some(Csrf { additional_origins: origins.filter_map(text).collect() });
    }
}

/// Cluster DNS name of a Service in a namespace.
pub(super) fn service_host(namespace: &str, name: &str) -> String {
    dns_name(&ObjectName { namespace: namespace.to_owned(), name: name.to_owned() })
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
