//! How a proxy is started.

use super::telemetry::Telemetry;
use crate::gateway::table::HostAliases;
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
    sync::Arc,
    time::Duration,
};

/// What a proxy needs to know besides its table.
#[derive(Debug, Clone)]
pub struct ProxyOptions {
    /// Address of all listeners: a loopback one, or all addresses of a pod.
    pub address: IpAddr,
    /// Host ports that must not give way to another when they are in use.
    pub exact_ports: BTreeSet<u16>,
    /// Listener port to the host port to begin with; the same number unless said.
    pub preferred: BTreeMap<u16, u16>,
    /// Names known beyond the table and DNS.
    pub aliases: HostAliases,
    /// Release that the proxy plays, such as `v1.4.1`; MCP answers of several targets name it.
    pub release: String,
    /// Time for requests under way once their port is closed.
    pub drain: Duration,
    /// What seals MCP session ids; a random key if there is none.
    pub session_key: Option<SessionKey>,
    /// Where it tells of its requests.
    pub telemetry: Arc<Telemetry>,
}

/// The key that seals MCP session ids. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionKey(pub(super) [u8; 32]);

impl SessionKey {
    /// The key of 64 hex digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut key = [0; 32];
        hex::decode_to_slice(text.trim(), &mut key).ok()?;
        Some(Self(key))
    }
}

impl std::fmt::Debug for SessionKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SessionKey(…)")
    }
}

impl ProxyOptions {
    /// Host port to try first for a listener port.
    pub(super) fn preferred_port(&self, listener_port: u16) -> u16 {
        self.preferred.get(&listener_port).copied().unwrap_or(listener_port)
    }
}
