//! Ports for the mocks: everyone's own first, the next free one for those who found theirs taken.

use super::MockError;
use std::collections::HashSet;
use std::net::{IpAddr, SocketAddr};
use tokio::net::TcpListener;

/// How far above its own port a mock looks for a free one.
const REACH: u16 = 200;

/// Which ports the mocks listen on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ports {
    /// The mock's own port, or the next one that is free.
    Preferred,
    /// Any free port.
    Any,
}

/// One listener for each of the default ports, in the same order.
pub(super) async fn listen(ip: IpAddr, ports: Ports, defaults: &[u16]) -> Result<Vec<TcpListener>, MockError> {
    let mut listeners = Vec::with_capacity(defaults.len());
    for &port in defaults {
        let wanted = if ports == Ports::Any { 0 } else { port };
        listeners.push(bind(ip, wanted).await);
    }
    let taken: HashSet<u16> = defaults.iter().copied().collect();
    let mut bound = Vec::with_capacity(defaults.len());
    for (listener, &port) in listeners.into_iter().zip(defaults) {
        bound.push(match listener {
            Ok(listener) => listener,
            Err(refusal) if ports == Ports::Any => return Err(refusal),
            Err(refusal) => next_free(ip, port, &taken).await.ok_or(refusal)?,
        });
    }
    Ok(bound)
}

async fn next_free(ip: IpAddr, port: u16, taken: &HashSet<u16>) -> Option<TcpListener> {
    for candidate in port.saturating_add(1)..=port.saturating_add(REACH) {
        if taken.contains(&candidate) {
            continue;
        }
        if let Ok(listener) = bind(ip, candidate).await {
            return Some(listener);
        }
    }
    None
}

async fn bind(ip: IpAddr, port: u16) -> Result<TcpListener, MockError> {
    let address = SocketAddr::new(ip, port);
    TcpListener::bind(address).await.map_err(|source| MockError::Bind { address, source })
}
