//! Several servers behind one endpoint. Source: facts/proxy.md 5, "several targets".

use super::{answer, failure::Failure, message, names, session::Session, target::Servers};
use crate::gateway::table::McpTarget;
use futures_util::future::try_join_all;
use http::Response;
use serde_json::{Map, Value, json};

/// Pages of one server's list that are read for one merged list.
const PAGES: usize = 64;

/// Introduces all servers as one. Any that fails, fails all.
pub async fn initialize(servers: &Servers<'_>, fields: &Map<String, Value>) -> Result<(Value, Session), Failure> {
    let answers = servers.backend.targets.iter().map(|target| async move {
        let response = servers.post(target, None, fields).await?;
        let id = session_id(&response);
        Ok::<_, Failure>((target, id, answer::message(response).await?))
    });
    let answers = try_join_all(answers).await?;
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
    mut fields: Map<String, Value>,
) -> Result<Response<crate::gateway::proxy::body::Body>, Failure> {
    let method = message::method(&fields).to_owned();
    let id = fields.get("id").cloned().unwrap_or_default();
    let result = match (names::listing(&method), method.as_str()) {
        (Some(listing), _) => merged_list(servers, session, &fields, &listing).await?,
        (None, "ping") => json!({}),
        (None, "logging/setLevel") => {
            notify(servers, session, &fields).await?;
            json!({})
        }
        (None, _) => {
            let params = message::params(&mut fields);
            let target = params.and_then(|params| names::addressed(servers.backend, &method, params));
            let target = target.ok_or_else(|| Failure::unsendable("invalid request: invalid resource name"))?;
            let response = servers.post(target, session.of(&target.name), &fields).await?;
            return answer::as_events(response, servers.call.acting).await;
        }
    };
    Ok(answer::one_event(&json!({"jsonrpc": "2.0", "id": id, "result": result})))
}

/// Tells all servers.
pub async fn notify(servers: &Servers<'_>, session: &Session, fields: &Map<String, Value>) -> Result<(), Failure> {
    let told = servers.backend.targets.iter().map(|target| servers.post(target, session.of(&target.name), fields));
    try_join_all(told).await.map(drop)
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
    let lists = servers.backend.targets.iter().map(|target| whole_list(servers, session, fields, listing, target));
    let entries: Vec<Value> = try_join_all(lists).await?.into_iter().flatten().collect();
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
    for entry in &mut entries {
        listing.prefix(&target.name, entry);
    }
    Ok(entries)
}
