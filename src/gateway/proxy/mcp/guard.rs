//! Rules about tools, prompts and resources: what a client must not use, it does not see. Source: facts/manifests.md 5.3.

use super::{failure::Failure, names::Listing};
use crate::gateway::{
    Mutant,
    proxy::{
        call::Call,
        expression::{self, RuleSet},
        scope::Claims,
    },
    table::McpBackend,
};
use http::request;
use serde_json::{Value, json};

/// The rules of a backend, asked on behalf of one client.
#[derive(Debug)]
pub struct Guard {
    rules: Option<RuleSet>,
    request: Value,
    claims: Option<Value>,
}

impl Guard {
    /// For a request.
    pub fn new(call: &Call<'_>, backend: &McpBackend, request: &request::Parts) -> Self {
        let rules = backend.rules.as_ref().filter(|_| !call.acting.is(Mutant::McpRuleIgnored)).map(RuleSet::new);
        let about = expression::request(request, &call.client_host, None);
        Self { rules, request: about, claims: request.extensions.get::<Claims>().map(|claims| claims.0.clone()) }
    }

    /// Whether there is anything to ask.
    pub fn asks(&self) -> bool {
        self.rules.is_some()
    }

    /// Whether something of a server is for this client.
    pub fn admits(&self, kind: &str, target: &str, name: &str) -> bool {
        let Some(rules) = &self.rules else { return true };
        let thing = json!({kind: {"target": target, "name": name}});
        let mut variables = vec![("mcp", &thing), ("request", &self.request)];
        variables.extend(self.claims.as_ref().map(|claims| ("jwt", claims)));
        rules.admits(&variables)
    }

    /// Refuses what is not for this client; `shown` is the name that it used.
    pub fn check(&self, kind: &str, target: &str, name: &str, shown: &str) -> Result<(), Failure> {
        match self.admits(kind, target, name) {
            true => Ok(()),
            false => Err(Failure::hidden(kind, shown)),
        }
    }

    /// Takes out of a list what is not for this client.
    pub fn prune(&self, listing: &Listing, target: &str, entries: &mut Vec<Value>) {
        entries.retain(|entry| self.admits(listing.kind, target, entry[listing.key].as_str().unwrap_or_default()));
    }
}
