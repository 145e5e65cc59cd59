//! Several servers behind one endpoint. Source: facts/proxy.md 5, "several targets".

use super::{answer, failure::Failure, message, names, session::Session, target::Servers};
use crate::gateway::{Mutant, proxy::body::Body, table::McpTarget};
use futures_util::future::join_all;
use http::Response;
use serde_json::{Map, Value, json};

/// Pages of one server's list that are read for one merged list.
const PAGES: usize = 64;

/// Introduces all servers as one. Any that fails, fails all, unless they may (`failureMode: FailOpen`).
pub async fn initialize(servers: &Servers<'_>, fields: &Map<String, Value>) -> Result<(Value, Session), Failure> {
    let answers = servers.backend.targets.iter().map(|target| async move {
        let response = servers.post(target, None, fields).await?;
        let id = session_id(&response);
        Ok::<_, Failure>((target, id, answer::message(response).await?))
    });
    let answers = all_or_some(servers, join_all(answers).await)?;
    let versions = answers.iter().filter_map(|(_, _, message)| message.pointer("/result/protocolVersion")?.as_str());
    let version = versions.min().map(str::to_owned);
    let mut instructions =
        "This server is a gateway to a set of mcp servers. It is responsible for routing requests to the correct server \
         and aggregating the results."
            .to_owned();
    for (target, _, message) in &answers {
        if let Some(own) = message.pointer("/result/instructions").and_then(Value::as_str) {
            instructions.push_str(&format!("\n\n[{}]\n{own}", target.name));
        }
    }
    let result = json!({
        "protocolVersion": version,
        "capabilities": {"prompts": {}, "resources": {}, "tools": {}},
        "serverInfo": {"name": "agentgateway", "version": servers.call.shared.release},
        "instructions": instructions,
    });
    let targets = answers.into_iter().map(|(target, id, _)| (target.name.clone(), id)).collect();
    Ok((result, Session { targets, version }))
}

/// Answers a request that concerns one server or all of them.
pub async fn request(
    servers: &Servers<'_>,
    session: &Session,
    fields: Map<String, Value>,
) -> Result<Response<Body>, Failure> {
    let method = message::method(&fields).to_owned();
    let id = fields.get("id").cloned().unwrap_or_default();
    let result = match (names::listing(&method), method.as_str()) {
        (Some(listing), _) => merged_list(servers, session, &fields, &listing).await?,
        (None, "ping") => json!({}),
        (None, "logging/setLevel") => {
            notify(servers, session, &fields).await?;
            json!({})
        }
        (None, _) => return addressed(servers, session, fields, &method).await,
    };
    Ok(answer::one_event(&json!({"jsonrpc": "2.0", "id": id, "result": result})))
}

/// A request for one server, which it names.
async fn addressed(
    servers: &Servers<'_>,
    session: &Session,
    mut fields: Map<String, Value>,
    method: &str,
) -> Result<Response<Body>, Failure> {
    let shown = subject(method, &fields).map(|(kind, name)| (kind, name.to_owned()));
    let acting = servers.call.acting;
    let nameless = || Failure::unsendable("invalid request: invalid resource name");
    let params = message::params(&mut fields).ok_or_else(nameless)?;
    let target = match names::addressed(servers.backend, method, params) {
        Err(failure) => match servers.backend.targets.first().filter(|_| acting.is(Mutant::McpUnprefixedServed)) {
            Some(first) => first,
            None => return Err(failure),
        },
        Ok(target) => target,
    };
    if let (Some((kind, shown)), Some((_, bare))) = (shown, subject(method, &fields)) {
        servers.guard.check(kind, &target.name, bare, &shown)?;
    }
    let response = servers.post(target, session.of(&target.name), &fields).await?;
    answer::as_events(response, servers.cut_content()).await
}

fn subject<'f>(method: &str, fields: &'f Map<String, Value>) -> Option<(&'static str, &'f str)> {
    names::subject(method, fields.get("params")?)
}

/// Tells all servers.
pub async fn notify(servers: &Servers<'_>, session: &Session, fields: &Map<String, Value>) -> Result<(), Failure> {
    let told = there(servers, session).map(|target| servers.post(target, session.of(&target.name), fields));
    all_or_some(servers, join_all(told).await).map(drop)
}

/// The servers that a session was opened with.
fn there<'s>(servers: &'s Servers<'_>, session: &'s Session) -> impl Iterator<Item = &'s McpTarget> {
    servers.backend.targets.iter().filter(|target| !servers.backend.fail_open || session.knows(&target.name))
}

/// What all servers said. Where some may fail, what the others said, if any said something.
fn all_or_some<T>(servers: &Servers<'_>, answers: Vec<Result<T, Failure>>) -> Result<Vec<T>, Failure> {
    if !servers.backend.fail_open {
        return answers.into_iter().collect();
    }
    let (mut said, mut failure) = (Vec::new(), None);
    for answer in answers {
        match answer {
            Ok(answer) => said.push(answer),
            Err(failed) => failure = Some(failed),
        }
    }
    match failure {
        Some(failure) if said.is_empty() => Err(failure),
        _ => Ok(said),
    }
}

/// Id that a server gives to a new session.
pub fn session_id<B>(response: &Response<B>) -> Option<String> {
    response.headers().get(super::target::SESSION)?.to_str().ok().map(str::to_owned)
}

async fn merged_list(
    servers: &Servers<'_>,
    session: &Session,
    fields: &Map<String, Value>,
    listing: &names::Listing,
) -> Result<Value, Failure> {
    let lists = there(servers, session).map(|target| whole_list(servers, session, fields, listing, target));
    let entries: Vec<Value> = all_or_some(servers, join_all(lists).await)?.into_iter().flatten().collect();
    Ok(json!({ listing.list: entries }))
}

/// All pages of one server; the merged list has but one.
async fn whole_list(
    servers: &Servers<'_>,
    session: &Session,
    fields: &Map<String, Value>,
    listing: &names::Listing,
    target: &McpTarget,
) -> Result<Vec<Value>, Failure> {
    let mut fields = fields.clone();
    let mut entries = Vec::new();
    for _ in 0..PAGES {
        let response = servers.post(target, session.of(&target.name), &fields).await?;
        let mut message = answer::message(response).await?;
        if let Some(page) = message.pointer_mut(&format!("/result/{}", listing.list)).and_then(Value::as_array_mut) {
            entries.append(page);
        }
        let Some(cursor) = message.pointer("/result/nextCursor").filter(|cursor| cursor.is_string()) else { break };
        if let Some(params) = message::params(&mut fields) {
            params.insert("cursor".to_owned(), cursor.clone());
        }
    }
    servers.guard.prune(listing, &target.name, &mut entries);
    for entry in entries.iter_mut().filter(|_| !servers.call.acting.is(Mutant::McpPrefixLost)) {
        listing.prefix(&target.name, entry);
    }
    Ok(entries)
}
