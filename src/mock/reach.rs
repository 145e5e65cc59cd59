//! What this process reaches: in a pod that may be something else than what the machine outside reaches.

use crate::exchange::Reached;
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};

/// Longest time for the name and for the connection, each.
const LONGEST: Duration = Duration::from_secs(2);

/// Looks the name up and connects, to one address after the other.
pub async fn reach(host: &str, port: u16) -> Reached {
    let found: Vec<SocketAddr> = match timeout(LONGEST, tokio::net::lookup_host((host, port))).await {
        Ok(Ok(found)) => found.collect(),
        Ok(Err(error)) => return Reached { addresses: Vec::new(), refusal: Some(error.to_string()) },
        Err(_) => Vec::new(),
    };
    let mut refusal = Some("the name leads to no address".to_owned());
    for address in &found {
        refusal = match timeout(LONGEST, TcpStream::connect(address)).await {
            Ok(Ok(_)) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} s", LONGEST.as_secs())),
        };
        if refusal.is_none() {
            break;
        }
    }
    Reached { addresses: found.iter().map(|address| address.ip().to_string()).collect(), refusal }
}

#[cfg(test)]
mod tests {
    use super::reach;

    #[tokio::test]
    async fn a_listener_is_reached_and_a_closed_port_is_not() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let reached = reach("127.0.0.1", port).await;
        assert_eq!((reached.addresses, reached.refusal), (vec!["127.0.0.1".to_owned()], None));
        drop(listener);
        assert!(reach("127.0.0.1", port).await.refusal.unwrap().contains("refused"));
    }
}
