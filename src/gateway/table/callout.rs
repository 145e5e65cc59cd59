//! Services that are asked about requests. Source: facts/manifests.md 9.

use super::Cel;

/// A Service that is called on the way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Callee {
    /// Cluster DNS name.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// A service that lets requests in.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct ExtAuth {
    /// Where it is; `None`: it is not there.
    pub service: Option<Callee>,
    /// What it speaks.
    pub protocol: ExtAuthProtocol,
    /// Largest part of the body that it gets; `None`: nothing of it.
    pub forward_body: Option<usize>,
    /// Whether requests pass while it is down.
    pub fail_open: bool,
}

/// What a service that lets requests in speaks.
#[derive(Debug, Clone, PartialEq, Hash)]
pub enum ExtAuthProtocol {
    /// Envoy's `Authorization/Check`, with these context extensions.
    Grpc(Vec<(String, String)>),
    /// HTTP: 2xx lets in.
    Http {
        /// Path and query; left out: those of the request.
        path: Option<Cel>,
        /// Headers of the client that it gets; empty: `authorization`.
        request_headers: Vec<String>,
        /// Headers of its answer that go upstream.
        response_headers: Vec<String>,
    },
}

/// A service that may change requests and answers.
#[derive(Debug, Clone, PartialEq, Hash)]
pub struct ExtProc {
    /// Where it is; `None`: it is not there.
    pub service: Option<Callee>,
    /// What it gets of the body of requests.
    pub request_body: BodyMode,
    /// What it gets of the body of answers.
    pub response_body: BodyMode,
}

/// What a processor gets of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyMode {
    /// Nothing.
    None,
    /// All of it at once.
    Buffered,
    /// Pieces, which only its own answers replace.
    Streamed,
}
