//! Calls of one MCP server.

use super::{
    answer::{self, Edit},
    checks::{METHOD, PROTOCOL_VERSION},
    failure::Failure,
    guard::Guard,
    message, names,
};
use crate::gateway::{
    Mutant,
    proxy::{body::Body, call::Call, plain, refusal::Refusal},
    table::{McpBackend, McpTarget},
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, header, request};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Header of session ids, on both sides.
pub const SESSION: &str = "mcp-session-id";
const NAME: &str = "mcp-name";
const BOTH: HeaderValue = HeaderValue::from_static("text/event-stream, application/json");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");

/// The servers of a backend, seen by one client request.
pub struct Servers<'a> {
    /// The call.
    pub call: &'a Call<'a>,
    /// The backend.
    pub backend: &'a McpBackend,
    /// What of theirs is for this client.
    pub guard: Arc<Guard>,
    /// Headers of the client that go to the servers.
    pub headers: HeaderMap,
}

impl<'a> Servers<'a> {
    /// Keeps of a client's headers what is the servers' business.
    pub fn new(call: &'a Call<'a>, backend: &'a McpBackend, request: request::Parts) -> Self {
        let guard = Arc::new(Guard::new(call, backend, &request));
        let mut headers = request.headers;
        let ours = [header::CONTENT_LENGTH, header::CONTENT_TYPE, header::ACCEPT, header::ACCEPT_ENCODING];
        for name in ours {
            headers.remove(name);
        }
        for name in [SESSION, METHOD, NAME] {
            headers.remove(name);
        }
        Self { call, backend, guard, headers }
    }

    /// What is changed about the answer to a request of the only server.
    pub fn edit(&self, method: &str, target: &McpTarget) -> Option<Edit> {
        let listing = names::listing(method).filter(|_| self.guard.asks());
        let Some(listing) = listing else { return self.cut_content() };
        let (guard, target) = (Arc::clone(&self.guard), target.name.clone());
        Some(Box::new(move |message| {
            let list = message.pointer_mut(&format!("/result/{}", listing.list)).and_then(Value::as_array_mut);
            list.into_iter().for_each(|entries| guard.prune(&listing, &target, entries));
        }))
    }

    /// Nothing is changed about content, unless a misbehaviour does.
    pub fn cut_content(&self) -> Option<Edit> {
        self.call.acting.is(Mutant::McpContentCut).then(|| -> Edit {
            Box::new(|message| {
                let content = message.pointer_mut("/result/content").and_then(Value::as_array_mut);
                content.into_iter().for_each(|content| content.truncate(1));
            })
        })
    }

    /// Lets later calls name the version that was agreed on, where the client does not.
    pub fn agree_on(&mut self, version: Option<&str>) {
        if self.headers.contains_key(PROTOCOL_VERSION) {
            return;
        }
        if let Some(version) = version.and_then(|version| HeaderValue::from_str(version).ok()) {
            self.headers.insert(PROTOCOL_VERSION, version);
        }
    }

    /// Sends a message; an answer with an error status is a failure that is relayed.
    pub async fn post(
        &self,
        target: &McpTarget,
        session: Option<&str>,
        fields: &Map<String, Value>,
    ) -> Result<Response<Body>, Failure> {
        let mut headers = self.headers.clone();
        headers.insert(header::ACCEPT, BOTH);
        headers.insert(header::CONTENT_TYPE, JSON);
        let method = message::method(fields);
        insert_text(&mut headers, METHOD, Some(method));
        insert_text(&mut headers, NAME, message::text_param(fields, "name").filter(|_| method == "tools/call"));
        let body = Value::Object(fields.clone()).to_string();
        let response = self.send(target, session, Method::POST, headers, body.into()).await?;
        if response.status().is_success() {
            Ok(response)
        } else {
            Err(Failure::Relayed(Box::new(answer::relayed(response))))
        }
    }

    /// Asks for the server's own messages.
    pub async fn get(&self, target: &McpTarget, session: Option<&str>) -> Result<Response<Body>, Failure> {
        let mut headers = self.headers.clone();
        headers.insert(header::ACCEPT, EVENTS);
        self.send(target, session, Method::GET, headers, Body::empty()).await
    }

    /// Ends a session.
    pub async fn delete(&self, target: &McpTarget, session: Option<&str>) -> Result<Response<Body>, Failure> {
        self.send(target, session, Method::DELETE, self.headers.clone(), Body::empty()).await
    }

    async fn send(
        &self,
        target: &McpTarget,
        session: Option<&str>,
        method: Method,
        mut headers: HeaderMap,
        body: Body,
    ) -> Result<Response<Body>, Failure> {
        insert_text(&mut headers, SESSION, session);
        self.call.prepare(&mut headers, self.call.host_for(&target.authority.host));
        plain::authenticate(self.call, target.auth.as_ref(), Some(&self.backend.policies), &mut headers);
        let request = Request::builder().method(method).uri(target.path.as_str()).body(());
        let (mut parts, ()) = request.map_err(|_| Failure::unsendable("invalid request: invalid path"))?.into_parts();
        parts.headers = headers;
        let sent = async {
            let destination = self.call.destination(&target.authority, false).await?;
            self.call.upstream(Some(&self.backend.policies), &destination, parts, body).await
        };
        match sent.await {
            Ok(response) => Ok(response),
            Err(Refusal::UpstreamTimeout) => Err(Failure::Refused(Refusal::UpstreamTimeout)),
            Err(_) if self.call.acting.is(Mutant::McpDownHidden) => {
                Ok(answer::one_event(&serde_json::json!({"jsonrpc": "2.0", "id": 1, "result": {}})))
            }
            Err(refusal) => Err(Failure::uncallable(&refusal)),
        }
    }
}

fn insert_text(headers: &mut HeaderMap, name: &'static str, value: Option<&str>) {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(value).ok()) {
        headers.insert(name, value);
    }
}
