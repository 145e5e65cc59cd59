//! As whom the controller acts, and which proxies it makes.

use super::Family;

/// As whom the controller acts. Source: facts/lifecycle.md A.3, A.4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The GatewayClass that it makes.
    pub class: String,
    /// Under which name it claims classes and signs statuses.
    pub controller: String,
    /// Whether it serves Gateways at all: kgateway 2.1 leaves AI gateways alone unless its chart says otherwise.
    pub enabled: bool,
    /// The namespace that it runs in.
    pub namespace: String,
    /// Name of its Deployment, Service and Lease.
    pub name: String,
    /// Where proxies would ask for their configuration.
    pub configuration: String,
}

impl Identity {
    /// That of the real controller of a release, installed as its guides do.
    pub fn of(release: &str) -> Self {
        let (name, group) = match Family::of(release) {
            Family::Agentgateway => ("agentgateway", "agentgateway.dev"),
            Family::Kgateway => ("kgateway", "kgateway.dev"),
        };
        Self {
            class: "agentgateway".to_owned(),
            controller: format!("{group}/agentgateway"),
            enabled: true,
            namespace: format!("{name}-system"),
            name: name.to_owned(),
            configuration: format!("https://{name}.{name}-system.svc.cluster.local:9978"),
        }
    }

    /// Name of its Lease. Source for agentgateway: facts/lifecycle.md A.3.
    pub fn lease(&self) -> String {
        if self.name == "agentgateway" { "agentgateway-agentgateway".to_owned() } else { self.name.clone() }
    }
}

impl Default for Identity {
    fn default() -> Self {
        Self::of("")
    }
}

/// Image of the proxies, where they are pods that run this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxyImage {
    /// This one for every Gateway.
    Fixed(String),
    /// These parts, each of which the parameters of a Gateway may replace.
    Parts {
        /// Host and path, `cr.agentgateway.dev`.
        registry: String,
        /// `agentgateway`.
        repository: String,
        /// `v1.4.1`.
        tag: String,
    },
}
