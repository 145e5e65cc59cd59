//! The six states of an Ollama. Source: `facts/peers.md` 0.7.

use miette::Diagnostic;
use serde::Serialize;
use std::net::{IpAddr, SocketAddr};
use thiserror::Error;

/// Ready, or one of five problems.
pub type OllamaState = Result<OllamaReady, OllamaProblem>;

/// An Ollama that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OllamaReady {
    /// Where it answered.
    pub address: SocketAddr,
    /// Its version.
    pub version: String,
    /// Its models, as it names them.
    pub models: Vec<String>,
}

/// Why an Ollama cannot be used; the help is what heals it.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
pub enum OllamaProblem {
    /// Nothing is there.
    #[error("nothing listens on {address}")]
    #[diagnostic(code("HOST-01"), help("{fix}"))]
    NotRunning {
        /// Where it was looked for.
        address: String,
        /// The command.
        fix: String,
    },

    /// Pods need it, and it listens for this machine only.
    #[error("answers on 127.0.0.1 only: pods cannot reach it at {address}")]
    #[diagnostic(
        code("HOST-02"),
        help("OLLAMA_HOST=0.0.0.0:{port} ollama serve     (opens it to your network: restrict with a firewall)")
    )]
    LoopbackOnly {
        /// What pods would call.
        address: String,
        /// Its port.
        port: u16,
    },

    /// It is on another port, or something else is on its port.
    #[error("{what}")]
    #[diagnostic(code("HOST-03"), help("{fix}"))]
    WrongPort {
        /// What is where.
        what: String,
        /// The command, or the line of the profile.
        fix: String,
        /// Where an Ollama is, if one was found.
        found: Option<u16>,
    },

    /// The name leads nowhere.
    #[error("the name {host} leads to no address")]
    #[diagnostic(code("HOST-04"), help("for the Ollama of this machine write  at: \"host.internal:{port}\""))]
    NameNotResolvable {
        /// The name.
        host: String,
        /// The port that was asked for.
        port: u16,
    },

    /// This machine reaches it, pods do not.
    #[error("answers at {address}, but not to pods: {why}")]
    #[diagnostic(
        code("HOST-06"),
        help(
            "sudo iptables -I INPUT -s {network} -p tcp --dport {port} -j ACCEPT     (a firewall of this machine is the usual cause; with ufw: sudo ufw allow from {network} to any port {port} proto tcp)"
        )
    )]
    NotFromPods {
        /// What pods would call.
        address: String,
        /// What happened when one did.
        why: String,
        /// The cluster's network as this machine sees it.
        network: String,
        /// The port.
        port: u16,
    },

    /// It is there without the model.
    #[error("{}", missing(wanted.as_deref(), there))]
    #[diagnostic(code("HOST-05"), help("ollama pull {}", wanted.as_deref().unwrap_or("qwen3:0.6b")))]
    ModelMissing {
        /// The model; none: any would have done.
        wanted: Option<String>,
        /// Those that are there.
        there: Vec<String>,
    },
}

impl OllamaProblem {
    /// It answers this machine and not pods, for which `host.internal` is `address`.
    pub fn not_from_pods(address: IpAddr, port: u16, why: &str) -> Self {
        let network = match address {
            IpAddr::V4(address) => format!("{}.{}.0.0/16", address.octets()[0], address.octets()[1]),
            IpAddr::V6(address) => format!("{address}/64"),
        };
        Self::NotFromPods { address: SocketAddr::new(address, port).to_string(), why: why.to_owned(), network, port }
    }

    /// Its stable id.
    pub fn id(&self) -> String {
        self.code().map(|code| code.to_string()).unwrap_or_default()
    }

    /// What heals it, ready to paste.
    pub fn fix(&self) -> String {
        self.help().map(|help| help.to_string()).unwrap_or_default()
    }
}

fn missing(wanted: Option<&str>, there: &[String]) -> String {
    match (wanted, there) {
        (Some(wanted), []) => format!("runs without the model {wanted}, and without any other"),
        (Some(wanted), there) => format!("runs without the model {wanted}; it has {}", there.join(", ")),
        (None, _) => "runs without a single model".to_owned(),
    }
}
