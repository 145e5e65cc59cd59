//! Ports of this machine that lead into the cluster. They are fixed when the cluster is made.

use crate::{
    process::{next_free_port, port_is_free},
    provider::ProviderError,
};
use serde::{Deserialize, Serialize};
use std::net::{Ipv4Addr, SocketAddr};

/// How many ports after the wanted one are looked at.
const TO_TRY: u16 = 200;

/// A port of this machine that is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum HostPort {
    /// This one and no other.
    Exact(u16),
    /// This one or the next that is free.
    From(u16),
}

impl HostPort {
    /// The port that is tried first.
    pub fn preferred(self) -> u16 {
        match self {
            Self::Exact(port) | Self::From(port) => port,
        }
    }
}

/// A node port that must be reachable from this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PortWish {
    /// The `nodePort` of a Service.
    pub node_port: u16,
    /// The port of this machine.
    pub host: HostPort,
}

/// A port of 127.0.0.1 that leads to a node port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PortMapping {
    /// The `nodePort` of a Service.
    pub node_port: u16,
    /// The port of this machine.
    pub host_port: u16,
}

/// Finds a free port for each wish; PORT-01 where exactly one was wanted that is in use. `after` skips ports that
/// turned out to be in use although nobody seemed to listen.
pub(super) fn find_ports(wishes: &[PortWish], after: u16) -> Result<Vec<PortMapping>, ProviderError> {
    let mut found: Vec<PortMapping> = Vec::new();
    for wish in wishes {
        let host_port = match wish.host {
            HostPort::Exact(port) if port_is_free(here(port)) => port,
            HostPort::Exact(port) => return Err(ProviderError::PortTaken { port }),
            HostPort::From(port) => free_from(port.saturating_add(after), &found)?,
        };
        found.push(PortMapping { node_port: wish.node_port, host_port });
    }
    Ok(found)
}

/// Whether a cluster with these ports has what is wanted.
pub(super) fn ports_fit(wishes: &[PortWish], ports: &[PortMapping]) -> bool {
    wishes.iter().all(|wish| {
        ports.iter().any(|port| {
            port.node_port == wish.node_port
                && match wish.host {
                    HostPort::Exact(exact) => port.host_port == exact,
                    HostPort::From(_) => true,
                }
        })
    })
}

fn free_from(first: u16, given: &[PortMapping]) -> Result<u16, ProviderError> {
    let mut from = first;
    loop {
        let port = next_free_port(here(from), TO_TRY).ok_or(ProviderError::PortTaken { port: first })?;
        if given.iter().all(|mapping| mapping.host_port != port) {
            return Ok(port);
        }
        from = port.checked_add(1).ok_or(ProviderError::PortTaken { port: first })?;
    }
}

fn here(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_port_in_use_gives_way_unless_it_must_be_that_one() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let wish = |node_port, host| PortWish { node_port, host };
        let found = find_ports(&[wish(30080, HostPort::From(port)), wish(30443, HostPort::From(port))], 0).unwrap();
        assert!(found[0].host_port != port && found[1].host_port != port);
        assert_ne!(found[0].host_port, found[1].host_port);
        let refused = find_ports(&[wish(30080, HostPort::Exact(port))], 0).unwrap_err();
        assert!(matches!(refused, ProviderError::PortTaken { port: told } if told == port));
    }

    #[test]
    fn more_ports_than_wanted_fit() {
        let ports = [PortMapping { node_port: 1, host_port: 10 }, PortMapping { node_port: 2, host_port: 20 }];
        assert!(ports_fit(&[PortWish { node_port: 2, host: HostPort::From(5) }], &ports));
        assert!(!ports_fit(&[PortWish { node_port: 2, host: HostPort::Exact(5) }], &ports));
        assert!(!ports_fit(&[PortWish { node_port: 3, host: HostPort::From(5) }], &ports));
    }
}
