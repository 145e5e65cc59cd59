//! Host ports for listeners.

use super::options::ProxyOptions;
use std::{io, net::SocketAddr};
use tokio::net::TcpListener;

/// How many ports after the preferred one are tried.
const SEARCH: u16 = 64;
/// Added to a port that only root may have: 80 becomes 8080.
const UNPRIVILEGED: u16 = 8000;
const PRIVILEGED_END: u16 = 1024;

/// Binds the preferred host port of a listener port, or the next free one if it may give way.
pub async fn bind(options: &ProxyOptions, listener_port: u16) -> Result<TcpListener, String> {
    let preferred = options.preferred_port(listener_port);
    let refused = match try_bind(options, preferred).await {
        Ok(listener) => return Ok(listener),
        Err(error) => error,
    };
    let gives_way = matches!(refused.kind(), io::ErrorKind::AddrInUse | io::ErrorKind::PermissionDenied);
    // In a pod the Service of the Gateway leads to exactly this number.
    if !gives_way || options.address.is_unspecified() || options.exact_ports.contains(&preferred) {
        return Err(format!("{}: {refused}", SocketAddr::new(options.address, preferred)));
    }
    for port in alternatives(preferred) {
        if let Ok(listener) = try_bind(options, port).await {
            return Ok(listener);
        }
    }
    Err(format!("no free port near {}: {refused}", SocketAddr::new(options.address, preferred)))
}

async fn try_bind(options: &ProxyOptions, port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((options.address, port)).await
}

fn alternatives(preferred: u16) -> impl Iterator<Item = u16> {
    let first = if preferred < PRIVILEGED_END { preferred + UNPRIVILEGED } else { preferred.saturating_add(1) };
    first..first.saturating_add(SEARCH)
}
