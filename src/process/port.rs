//! TCP ports of this machine.

use std::net::{SocketAddr, TcpListener};

/// Whether a server could listen there now. Somebody else may be quicker: whoever needs the port binds it and looks.
pub fn port_is_free(address: SocketAddr) -> bool {
    TcpListener::bind(address).is_ok()
}

/// The first free port from that of `address` on, within the next `tries` ports.
pub fn next_free_port(address: SocketAddr, tries: u16) -> Option<u16> {
    let first = address.port();
    (first..=first.saturating_add(tries)).find(|port| port_is_free(SocketAddr::new(address.ip(), *port)))
}

#[cfg(test)]
mod tests {
    use super::{next_free_port, port_is_free};
    use std::net::TcpListener;

    #[test]
    fn a_port_is_taken_while_somebody_listens() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        assert!(!port_is_free(address));
        assert_ne!(next_free_port(address, 50), Some(address.port()));
    }
}
