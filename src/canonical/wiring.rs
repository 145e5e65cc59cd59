//! Backends, routes and policies together.

use super::{Backend, LlmProvider, Policy, Route, To};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// What a profile, a scenario or a repro wires up behind a gateway.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Wiring {
    /// Backends by name.
    pub backends: IndexMap<String, Backend>,
    /// Routes to them.
    pub routes: Vec<Route>,
    /// Policies on them.
    pub policies: Vec<Policy>,
}

impl Wiring {
    /// The path of the first route that leads to a backend of a kind, for any host and any header.
    pub fn first_path(&self, wanted: impl Fn(&Backend) -> bool) -> Option<String> {
        self.open_routes().find(|(_, backend)| wanted(backend)).map(|(path, _)| path.to_owned())
    }

    /// The same for a route with a given path.
    pub fn has_path(&self, path: &str, wanted: impl Fn(&Backend) -> bool) -> bool {
        self.open_routes().any(|(other, backend)| other == path && wanted(backend))
    }

    /// Address and model of the first Ollama that a backend leads to.
    pub fn ollama(&self) -> Option<(String, Option<String>)> {
        let mut backends = self.backends.values().filter(|backend| backend.llm == Some(LlmProvider::Ollama));
        backends.find_map(|backend| Some((backend.at.clone()?, backend.model.clone())))
    }

    /// Paths and backends of routes that any request with that path takes.
    fn open_routes(&self) -> impl Iterator<Item = (&str, &Backend)> {
        self.routes.iter().filter(|route| route.headers.is_empty() && route.hosts.is_empty()).filter_map(|route| {
            let To::One(name) = &route.to else { return None };
            Some((route.path.as_deref()?, self.backends.get(name)?))
        })
    }
}
