//! One request to an MCP endpoint.

use super::{
    answer, checks,
    failure::Failure,
    fanout,
    message::{self, Message},
    names,
    session::Session,
    stateless,
    target::{SESSION, Servers},
};
use crate::gateway::{
    Mutant,
    proxy::{body::Body, call::Call, refusal::Refusal, release::is_since, telemetry::Reason},
    table::McpBackend,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode, request};
use serde_json::{Map, Value, json};

/// The first release that passes a client's answers on to the server. Source: facts/conformance.md B.4, MCP-13.
const REPLIES_SINCE: (u32, u32) = (1, 5);
/// Bytes that a message may have.
const LARGEST_MESSAGE: usize = 2 * 1024 * 1024;

/// Serves an MCP endpoint.
pub async fn serve(
    call: &Call<'_>,
    backend: &McpBackend,
    request: request::Parts,
    body: Body,
) -> Result<Response<Body>, Refusal> {
    if backend.targets.is_empty() {
        return Err(Refusal::Mcp(StatusCode::SERVICE_UNAVAILABLE, "mcp: no backends configured".into()));
    }
    let mut id = Value::Null;
    let answered = match request.method {
        Method::POST => post(call, backend, request, body, &mut id).await,
        Method::GET => listen(call, backend, request).await,
        Method::DELETE => close(call, backend, request).await,
        _ => {
            let text = "mcp: method not allowed; must be GET, POST, or DELETE";
            Err(Failure::text(StatusCode::METHOD_NOT_ALLOWED, text))
        }
    };
    answered.or_else(|failure| {
        if let Failure::Rpc { error, .. } = &failure {
            let words = error["message"].as_str().unwrap_or_default().to_owned();
            call.account.note(|facts| {
                facts.reason = Some(Reason::Mcp);
                facts.mcp.error = Some((error["code"].as_i64().unwrap_or_default(), words));
            });
        }
        failure.into_answer(&id)
    })
}

/// Notes for metrics and the access log what a message is about.
fn tell(call: &Call<'_>, message: &Message) {
    let (Message::Request(fields) | Message::Notification(fields)) = message else { return };
    let method = message::method(fields);
    let subject = fields.get("params").and_then(|params| names::subject(method, params));
    call.account.note(|facts| {
        facts.mcp.method = Some(method.to_owned());
        if let Some((kind, name)) = subject {
            (facts.mcp.resource_type, facts.mcp.resource) = (Some(kind), Some(name.to_owned()));
        }
    });
}

async fn post(
    call: &Call<'_>,
    backend: &McpBackend,
    request: request::Parts,
    body: Body,
    id: &mut Value,
) -> Result<Response<Body>, Failure> {
    let acting = call.acting;
    if !acting.is(Mutant::McpFormUnchecked) {
        checks::post(&request.headers)?;
    }
    let body = body.collect(LARGEST_MESSAGE).await.map_err(Refusal::unreadable_request)?;
    let message = checks::parse(&body)?;
    *id = message.id();
    tell(call, &message);
    if !acting.is(Mutant::McpVersionUnchecked) {
        checks::agree(&request.headers, &message)?;
    }
    let session = known_session(call, &request.headers)?;
    let mut servers = Servers::new(call, backend, request);
    match (message, session) {
        (Message::Request(fields), _) if message::method(&fields) == "initialize" => initialize(&servers, fields).await,
        (message, None) if backend.stateless => alone(&mut servers, message).await,
        (_, None) => {
            let text = "mcp: session header is required for non-initialize requests";
            Err(Failure::text(StatusCode::BAD_REQUEST, text))
        }
        (message, Some(session)) => {
            servers.agree_on(session.version.as_deref());
            in_session(&servers, &session, message).await
        }
    }
}

async fn initialize(servers: &Servers<'_>, mut fields: Map<String, Value>) -> Result<Response<Body>, Failure> {
    let id = fields.get("id").cloned().unwrap_or_default();
    if !servers.call.acting.is(Mutant::McpMetaMissing) {
        message::add_meta(&mut fields);
    }
    let (message, session) = match servers.backend.only() {
        Some(target) => {
            let response = servers.post(target, None, &fields).await?;
            let own = fanout::session_id(&response);
            let message = answer::message(response).await?;
            let version = message.pointer("/result/protocolVersion").and_then(Value::as_str).map(str::to_owned);
            (message, Session { targets: vec![(target.name.clone(), own)], version })
        }
        None => {
            let (result, session) = fanout::initialize(servers, &fields).await?;
            (json!({"jsonrpc": "2.0", "id": id, "result": result}), session)
        }
    };
    let mut response = answer::one_event(&message);
    if servers.backend.stateless {
        stateless::close(servers, &session).await;
        return Ok(response);
    }
    let sealed = servers.call.shared.sessions.seal(&session).and_then(|id| HeaderValue::from_str(&id).ok());
    if let Some(id) = sealed.filter(|_| !servers.call.acting.is(Mutant::McpSessionLost)) {
        response.headers_mut().insert(SESSION, id);
    }
    Ok(response)
}

async fn in_session(servers: &Servers<'_>, session: &Session, message: Message) -> Result<Response<Body>, Failure> {
    match message {
        Message::Response(fields) => reply(servers, session, &fields).await,
        Message::Notification(fields) => {
            fanout::notify(servers, session, &fields).await?;
            Ok(accepted(servers))
        }
        Message::Request(mut fields) => {
            let method = message::method(&fields).to_owned();
            if !message::is_known(&method) && !servers.call.acting.is(Mutant::McpMethodUnchecked) {
                return Err(Failure::unsendable(&format!("unsupported method: {method}")));
            }
            message::add_meta(&mut fields);
            if servers.call.acting.is(Mutant::McpCursorLost)
                && let Some(params) = message::params(&mut fields)
            {
                params.remove("cursor");
            }
            let Some(target) = servers.backend.only() else { return fanout::request(servers, session, fields).await };
            if let Some((kind, name)) = fields.get("params").and_then(|params| names::subject(&method, params)) {
                servers.guard.check(kind, &target.name, name, name)?;
            }
            let response = servers.post(target, session.of(&target.name), &fields).await?;
            answer::as_events(response, servers.edit(&method, target)).await
        }
    }
}

/// A client's answer to a server. Up to 1.4 none reaches one. Source: facts/conformance.md B.4, MCP-13.
async fn reply(
    servers: &Servers<'_>,
    session: &Session,
    fields: &Map<String, Value>,
) -> Result<Response<Body>, Failure> {
    if servers.call.acting.is(Mutant::McpReplyDropped) {
        return Ok(accepted(servers));
    }
    match servers.backend.only().filter(|_| is_since(&servers.call.shared.release, REPLIES_SINCE)) {
        Some(target) => {
            servers.post(target, session.of(&target.name), fields).await?;
            Ok(accepted(servers))
        }
        None => {
            let text = "mcp: failed to send message: invalid request: unsupported message type";
            Err(Failure::text(StatusCode::INTERNAL_SERVER_ERROR, text))
        }
    }
}

/// A message without a session, to servers that are asked anew each time.
async fn alone(servers: &mut Servers<'_>, message: Message) -> Result<Response<Body>, Failure> {
    if let Message::Notification(_) = message {
        return Ok(accepted(servers));
    }
    let session = stateless::open(servers).await?;
    let answered = match in_session(servers, &session, message).await {
        // The session must last until the answer is complete.
        Ok(response) => answer::message(response).await.map(|message| answer::one_event(&message)),
        Err(failure) => Err(failure),
    };
    stateless::close(servers, &session).await;
    answered
}

async fn listen(call: &Call<'_>, backend: &McpBackend, request: request::Parts) -> Result<Response<Body>, Failure> {
    checks::get(&request.headers)?;
    let session = needed_session(call, &request.headers)?;
    let mut servers = Servers::new(call, backend, request);
    servers.agree_on(session.version.as_deref());
    let mut streams = Vec::new();
    let mut refused = None;
    for target in &backend.targets {
        let response = servers.get(target, session.of(&target.name)).await?;
        if response.status().is_success() && answer::is_stream(response.headers()) {
            streams.push(response);
        } else {
            refused = Some(answer::relayed(response));
        }
    }
    match (streams.is_empty(), refused) {
        (true, Some(refused)) => Ok(refused),
        _ => Ok(answer::merged(streams)),
    }
}

async fn close(call: &Call<'_>, backend: &McpBackend, request: request::Parts) -> Result<Response<Body>, Failure> {
    let session = needed_session(call, &request.headers)?;
    let mut servers = Servers::new(call, backend, request);
    servers.agree_on(session.version.as_deref());
    for target in backend.targets.iter().filter(|_| !call.acting.is(Mutant::McpSessionKept)) {
        servers.delete(target, session.of(&target.name)).await?;
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::ACCEPTED;
    Ok(response)
}

fn known_session(call: &Call<'_>, headers: &HeaderMap) -> Result<Option<Session>, Failure> {
    let Some(id) = headers.get(SESSION) else { return Ok(None) };
    let session = id.to_str().ok().and_then(|id| call.shared.sessions.open(id));
    let invalid = || Failure::text(StatusCode::BAD_REQUEST, "mcp: invalid session ID header");
    let session = session.or_else(|| call.acting.is(Mutant::McpSessionUnchecked).then(Session::default));
    session.map(Some).ok_or_else(invalid)
}

fn needed_session(call: &Call<'_>, headers: &HeaderMap) -> Result<Session, Failure> {
    let missing = || Failure::text(StatusCode::BAD_REQUEST, "mcp: session ID is required");
    known_session(call, headers)?.ok_or_else(missing)
}

fn accepted(servers: &Servers<'_>) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    if !servers.call.acting.is(Mutant::McpNotificationAnswered) {
        *response.status_mut() = StatusCode::ACCEPTED;
    }
    response
}
