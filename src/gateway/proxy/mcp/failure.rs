//! Ways in which an MCP request fails, as HTTP and as JSON-RPC.

use super::checks::PROTOCOL_VERSIONS;
use crate::gateway::proxy::{body::Body, refusal::Refusal};
use http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

/// Why there is no answer of the server.
pub enum Failure {
    /// A text, as for any other backend.
    Refused(Refusal),
    /// A JSON-RPC error.
    Rpc {
        /// HTTP status.
        status: StatusCode,
        /// The error object.
        error: Value,
    },
    /// What the server itself said, with its status.
    Relayed(Box<Response<Body>>),
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Failure {
    /// A bare text.
    pub fn text(status: StatusCode, text: &'static str) -> Self {
        Self::Refused(Refusal::Mcp(status, text.into()))
    }

    /// A message that cannot be sent on.
    pub fn unsendable(reason: &str) -> Self {
        let error = json!({"code": -32603, "message": format!("failed to send message: {reason}")});
        Self::Rpc { status: StatusCode::INTERNAL_SERVER_ERROR, error }
    }

    /// A server that could not be called.
    pub fn uncallable(refusal: &Refusal) -> Self {
        Self::unsendable(&format!("http upstream error: http request failed: {}", refusal.text()))
    }

    /// A version of the protocol that nobody speaks.
    pub fn unsupported_version(version: &str) -> Self {
        let error = json!({
            "code": -32022,
            "message": format!("unsupported MCP protocol version: {version}"),
            "data": {"supported": PROTOCOL_VERSIONS, "requested": version},
        });
        Self::Rpc { status: StatusCode::BAD_REQUEST, error }
    }

    /// Something that the rules keep from the client, which need not know that it exists.
    pub fn hidden(kind: &str, name: &str) -> Self {
        let error = json!({"code": -32602, "message": format!("Unknown {kind}: {name}")});
        Self::Rpc { status: StatusCode::BAD_REQUEST, error }
    }

    /// A header that contradicts the body.
    pub fn method_mismatch() -> Self {
        let error = json!({"code": -32020, "message": "Mcp-Method header/body mismatch"});
        Self::Rpc { status: StatusCode::BAD_REQUEST, error }
    }

    /// The answer to the message with this id.
    pub fn into_answer(self, id: &Value) -> Result<Response<Body>, Refusal> {
        match self {
            Self::Refused(refusal) => Err(refusal),
            Self::Relayed(response) => Ok(*response),
            Self::Rpc { status, error } => {
                let body = json!({"jsonrpc": "2.0", "id": id, "error": error}).to_string();
                let mut response = Response::new(Body::from(body));
                *response.status_mut() = status;
                let json = HeaderValue::from_static("application/json");
                response.headers_mut().insert(header::CONTENT_TYPE, json);
                Ok(response)
            }
        }
    }
}
