//! Actions: what is done in a step.

use super::{
    cluster_call::{ApplyCall, ObjectName, ReadCall},
    http_call::HttpCall,
    llm_call::{Dialect, LlmCall},
    mcp::{self, McpCall},
    mcp_suite::{self, SuiteCall},
    mistake::{Mistake, Parsed},
    place::Place,
    when::When,
};
use crate::{canonical::duration, exchange::Behaviour};
use indexmap::IndexMap;
use std::time::Duration;

/// How long a controller may take until an object is as a scenario expects it, unless the scenario says otherwise.
const READ_WITHIN: Duration = Duration::from_secs(2);
/// The words for actions.
const ACTIONS: &str = "`http`, `chat`, `messages`, `responses`, `embeddings`, `mcp`, `mcpSuite`, `read`, `apply`, `remove`, `mock` and `wait`";

/// What is done.
#[derive(Debug, Clone)]
pub enum Action {
    /// A plain HTTP request.
    Http(HttpCall),
    /// A call of an LLM API.
    Llm(Dialect, LlmCall),
    /// A message of an MCP session.
    Mcp(Box<McpCall>),
    /// The official conformance suite of MCP.
    McpSuite(SuiteCall),
    /// A look at an object, repeated for at most this long.
    Read(ReadCall, Duration),
    /// Objects are added or changed.
    Apply(ApplyCall),
    /// Objects are taken away.
    Remove(Vec<ObjectName>),
    /// From now on mocks behave so in this lane.
    Mock(IndexMap<String, Behaviour>),
    /// Time goes by.
    Wait(Duration),
}

impl Action {
    /// Whether it sends something through the gateway.
    pub fn is_traffic(&self) -> bool {
        matches!(self, Self::Http(_) | Self::Llm(..) | Self::Mcp(_))
    }
}

/// The one action that is set.
pub(super) fn action(when: &When, place: &Place) -> Parsed<Action> {
    let mut found = Vec::new();
    let llm = [
        (Dialect::Chat, &when.chat),
        (Dialect::Messages, &when.messages),
        (Dialect::Responses, &when.responses),
        (Dialect::Embeddings, &when.embeddings),
    ];
    for (dialect, call) in llm {
        found.extend(call.as_ref().map(|call| llm_call(dialect, call, &place.key(dialect.word()))));
    }
    found.extend(when.http.as_ref().map(|call| http(call, &place.key("http"))));
    found.extend(
        when.mcp.as_ref().map(|call| mcp::check(call, &place.key("mcp")).map(|()| Action::Mcp(Box::new(call.clone())))),
    );
    found.extend(
        when.mcp_suite
            .as_ref()
            .map(|call| mcp_suite::check(call, &place.key("mcpSuite")).map(|()| Action::McpSuite(call.clone()))),
    );
    found.extend(when.read.as_ref().map(|call| read(call, &place.key("read"))));
    found.extend(when.apply.as_ref().map(|call| apply(call, &place.key("apply"))));
    found.extend(when.remove.as_ref().map(|objects| remove(objects, &place.key("remove"))));
    found.extend(when.mock.as_ref().map(|mocks| Ok(Action::Mock(mocks.clone()))));
    found.extend(when.wait.as_ref().map(|text| time(text, &place.key("wait")).map(Action::Wait)));
    match (found.pop(), found.is_empty()) {
        (Some(action), true) => action,
        _ => Err(Mistake::new(place, format!("exactly one of {ACTIONS} is wanted here"))),
    }
}

/// A time of a minute at most: a scenario that waits longer would keep all others waiting.
pub(super) fn time(text: &str, place: &Place) -> Parsed<Duration> {
    let time = duration(text).filter(|time| *time <= Duration::from_secs(60));
    time.ok_or_else(|| Mistake::new(place, format!("`{text}` is not a time like `500ms` or `2s`, up to `60s`")))
}

fn llm_call(dialect: Dialect, call: &LlmCall, place: &Place) -> Parsed<Action> {
    if !call.messages.is_empty() && (call.system.is_some() || !call.user.is_empty()) {
        let message = "`messages` is the whole conversation: `system` and `user` have no place beside it";
        return Err(Mistake::new(&place.key("messages"), message));
    }
    Ok(Action::Llm(dialect, call.clone()))
}

fn http(call: &HttpCall, place: &Place) -> Parsed<Action> {
    if !call.path.starts_with('/') {
        return Err(Mistake::new(&place.key("path"), "`path` begins with `/`"));
    }
    let bodies = [call.body.is_some(), call.json.is_some(), call.bytes.is_some()];
    if bodies.into_iter().filter(|set| *set).count() > 1 {
        return Err(Mistake::new(place, "at most one of `body`, `json` and `bytes`"));
    }
    if call.bytes.is_some_and(|bytes| bytes > 64 << 20) {
        return Err(Mistake::new(&place.key("bytes"), "a body has 64 MiB (67108864 bytes) at most"));
    }
    Ok(Action::Http(call.clone()))
}

fn read(call: &ReadCall, place: &Place) -> Parsed<Action> {
    if call.kind.is_empty() || call.name.is_empty() {
        return Err(Mistake::new(place, "`kind` and `name` say what is read"));
    }
    let within = match &call.within {
        None => READ_WITHIN,
        Some(text) => time(text, &place.key("within"))?,
    };
    Ok(Action::Read(call.clone(), within))
}

fn apply(call: &ApplyCall, place: &Place) -> Parsed<Action> {
    if call.backends.is_empty() && call.routes.is_empty() && call.policies.is_empty() && call.manifests.is_empty() {
        let message = "`apply` wants `backends`, `routes`, `policies` or `manifests`";
        return Err(Mistake::new(place, message));
    }
    super::check::check_manifests(&call.manifests, &place.key("manifests"))?;
    Ok(Action::Apply(call.clone()))
}

fn remove(objects: &[ObjectName], place: &Place) -> Parsed<Action> {
    let nameless = objects.iter().position(|object| object.kind.is_empty() || object.name.is_empty());
    match nameless {
        Some(index) => Err(Mistake::new(&place.index(index), "`kind` and `name` say what is taken away")),
        None if objects.is_empty() => Err(Mistake::new(place, "`remove` wants a list of `{kind: …, name: …}`")),
        None => Ok(Action::Remove(objects.to_vec())),
    }
}
