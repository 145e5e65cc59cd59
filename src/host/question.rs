//! What is asked about an Ollama.

use std::net::IpAddr;

/// The port that Ollama takes unless it is told otherwise.
pub(super) const USUAL_PORT: u16 = 11434;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OllamaQuestion {
    /// `host:port` as a profile says it. `host.internal` is this machine.
    pub authority: String,
    /// The model that must be there; none: any will do.
    pub model: Option<String>,
    /// From where it must be reachable.
    pub from: Vantage,
    /// Ports of this machine where an Ollama may be instead.
    pub other_ports: Vec<u16>,
}

impl OllamaQuestion {
    /// About an Ollama that this machine itself must reach; looked for on the usual ports and on that of `OLLAMA_HOST`.
    pub fn new(authority: impl Into<String>) -> Self {
        let said = std::env::var("OLLAMA_HOST").ok().and_then(|host| port_of(&host));
        let other_ports = said.into_iter().chain([USUAL_PORT, 11435, 11436]).collect();
        Self { authority: authority.into(), model: None, from: Vantage::Host, other_ports }
    }

    /// Host and port; the usual port where none is said.
    pub fn host_and_port(&self) -> (&str, u16) {
        match self.authority.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
                (host.trim_matches(['[', ']']), port.parse().unwrap_or(USUAL_PORT))
            }
            _ => (self.authority.trim_matches(['[', ']']), USUAL_PORT),
        }
    }
}

/// Who must reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vantage {
    /// A process of this machine: `host.internal` is 127.0.0.1.
    Host,
    /// Pods of a local cluster: `host.internal` is this address of the machine, and loopback is not enough.
    Pods(IpAddr),
}

fn port_of(host: &str) -> Option<u16> {
    host.trim_end_matches('/').rsplit_once(':')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::OllamaQuestion;

    #[test]
    fn the_port_may_be_left_out() {
        let parts = |authority: &str| {
            let question = OllamaQuestion::new(authority);
            let (host, port) = question.host_and_port();
            (host.to_owned(), port)
        };
        assert_eq!(parts("host.internal:11500"), ("host.internal".to_owned(), 11500));
        assert_eq!(parts("localhost"), ("localhost".to_owned(), 11434));
        assert_eq!(parts("[::1]:1"), ("::1".to_owned(), 1));
        assert_eq!(parts("::1"), ("::1".to_owned(), 11434));
    }
}
