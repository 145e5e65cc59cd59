//! `sessionRouting: Stateless`: a session of its own for each request, opened and closed around it.

use super::{failure::Failure, fanout, session::Session, target::Servers};
use serde_json::{Map, Value, json};

/// Version that such a session is opened with.
const VERSION: &str = "2025-06-18";

/// Opens a session with all servers in the gateway's own name.
pub async fn open(servers: &mut Servers<'_>) -> Result<Session, Failure> {
    let hello = fields(json!({
        "jsonrpc": "2.0",
        "id": 0,
        "method": "initialize",
        "params": {
            "protocolVersion": VERSION,
            "capabilities": {},
            "clientInfo": {"name": "agentgateway", "version": servers.call.shared.release},
            "_meta": {},
        },
    }));
    let (_, session) = fanout::initialize(servers, &hello).await?;
    servers.agree_on(session.version.as_deref());
    let ready = fields(json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));
    fanout::notify(servers, &session, &ready).await?;
    Ok(session)
}

/// Closes a session; a server that does not want to hear of it changes nothing.
pub async fn close(servers: &Servers<'_>, session: &Session) {
    for target in &servers.backend.targets {
        let _ = servers.delete(target, session.of(&target.name)).await;
    }
}

fn fields(message: Value) -> Map<String, Value> {
    match message {
        Value::Object(fields) => fields,
        _ => Map::new(),
    }
}
