//! Where a mock is and what it is for.

use serde::Serialize;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The family of protocols that a mock speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Protocol {
    /// A provider of language models.
    Llm,
    /// A server of the Model Context Protocol.
    Mcp,
    /// A service that a gateway's policy calls, or an upstream of no particular kind.
    Service,
}

/// A running mock, as people and programs find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MockEndpoint {
    /// Its name: `openai`, `toolbox` …
    pub name: &'static str,
    /// What it speaks.
    pub protocol: Protocol,
    /// Where it listens.
    pub address: SocketAddr,
    /// What it is for, in a few words.
    pub about: &'static str,
    /// What the SDK of the vendor, or an MCP client, takes as its URL.
    pub base_url: String,
}

/// The address at which this machine reaches a listener: the loopback address stands for "all addresses".
pub(super) fn reachable(address: SocketAddr) -> SocketAddr {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => SocketAddr::new(Ipv6Addr::LOCALHOST.into(), address.port()),
        _ => address,
    }
}
