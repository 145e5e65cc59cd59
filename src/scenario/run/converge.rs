//! The proof that `given` is in effect: by conditions, then by traffic. After it nothing is tried twice.

use super::{
    client::{self, Request},
    objects::{ObjectError, ObjectRef},
    wait::Pause,
};
use crate::canonical::Route;
use crate::scenario::expect::{ConditionField, condition, conditions_of};
use kube::Client;
use serde_json::Value;

/// What must be true of an object of a kind before the first step. A route's references may be unresolved on purpose,
/// a backend may be refused on purpose: that is for expectations.
fn wanted(kind: &str) -> (&'static [&'static str], bool) {
    match kind {
        "Gateway" => (&["Accepted", "Programmed"], true),
        "HTTPRoute" => (&["Accepted"], true),
        "AgentgatewayPolicy" | "TrafficPolicy" => (&["Accepted", "Attached"], true),
        "AgentgatewayBackend" | "Backend" => (&["Accepted"], false),
        _ => (&[], false),
    }
}

/// Waits until an object's conditions say that it is in effect. `tell` learns what is missing.
pub(super) async fn settled(
    client: &Client,
    object: &ObjectRef,
    tell: &(dyn Fn(String) + Sync),
) -> Result<(), ObjectError> {
    let (kinds, must_be_true) = wanted(&object.kind);
    let mut pause = Pause::new();
    while !kinds.is_empty() {
        let seen = object.read(client).await?.unwrap_or(Value::Null);
        let missing = kinds.iter().find(|kind| match condition(&seen, kind, ConditionField::Status) {
            Some(status) => must_be_true && status != "True",
            None => true,
        });
        let Some(missing) = missing else { break };
        tell(format!("{object} to have {missing}=True; its conditions: {}", in_short(&seen)));
        pause.take().await;
    }
    Ok(())
}

/// Conditions in short: `Accepted=True, ResolvedRefs=False BackendNotFound`.
pub(super) fn in_short(object: &Value) -> String {
    let conditions: Vec<String> = conditions_of(object)
        .into_iter()
        .map(|condition| {
            let text = |field: &str| condition[field].as_str().unwrap_or_default().to_owned();
            match (text("status").as_str(), text("reason").as_str(), text("message").as_str()) {
                ("True", ..) => format!("{}=True", text("type")),
                (status, reason, "") => format!("{}={status} {reason}", text("type")),
                (status, reason, message) => format!("{}={status} {reason}: {message}", text("type")),
            }
        })
        .collect();
    if conditions.is_empty() { "none".to_owned() } else { conditions.join(", ") }
}

/// Waits until the gateway has the route. The request is one that no LLM or MCP backend is asked for.
pub(super) async fn routed(
    http: &reqwest::Client,
    base: &str,
    host: &str,
    route: &Route,
    tell: &(dyn Fn(String) + Sync),
) {
    let path = route.path.clone().unwrap_or_else(|| "/".to_owned());
    let host = route.hosts.first().map_or(host, String::as_str).replace('*', "any");
    let mut headers = vec![("host".to_owned(), host.clone())];
    headers.extend(route.headers.iter().map(|header| (header.name.to_lowercase(), header.value.clone())));
    let request = Request { base: base.to_owned(), method: "GET".to_owned(), path, headers, ..Request::default() };
    let mut pause = Pause::new();
    loop {
        let (answer, _) = client::send(http, &request, 0).await;
        let lost =
            answer.status == Some(404) && ["route not found", "listener not found"].contains(&answer.body.as_str());
        if answer.status.is_some() && !lost {
            return;
        }
        tell(format!("the gateway to know the route {} of {host}; it answers: {}", request.path, answer.body));
        pause.take().await;
    }
}
