//! A scenario as it is written.

use super::mcp::McpCall;
use crate::canonical::{Backend, GatewaySpec, Policy, Route, Wiring};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct Document {
    pub schema: String,
    pub kind: String,
    pub id: String,
    pub title: String,
    pub source: Vec<String>,
    #[serde(default)]
    pub tags: Vec<String>,
    #[serde(default)]
    pub requires: Requires,
    #[serde(default)]
    pub given: Given,
    pub steps: Vec<StepDocument>,
}

/// Where a scenario can run at all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Requires {
    /// A release line, `agentgateway-1.4`.
    pub line: Option<String>,
    /// A range of releases, `1.2..1.5`: from, and before; either may be left out.
    pub release: Option<String>,
    /// What the gateway must be able to do, `rate-limit.local`; a word for readers and for lists.
    pub capability: Option<String>,
    /// `real`: a cluster with nodes and pods; `any`.
    pub cluster: Option<Reality>,
    /// `real`: agentgateway itself; `any`: the reference gateway too.
    pub gateway: Option<Reality>,
}

/// Whether only the real thing will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reality {
    /// Only the real one.
    Real,
    /// Anything that behaves like it.
    Any,
}

/// What is there before the first step.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Given {
    /// Backends by name.
    pub backends: IndexMap<String, Backend>,
    /// Routes to them.
    pub routes: Vec<Route>,
    /// Policies on them.
    pub policies: Vec<Policy>,
    /// Gateways of the scenario's own; routes attach to the first one instead of the sandbox's.
    pub gateways: Vec<GatewaySpec>,
    /// Objects as they are; one without a namespace gets the scenario's.
    pub manifests: Vec<Value>,
}

impl Given {
    /// The part that is written in the short form.
    pub fn wiring(&self) -> Wiring {
        Wiring { backends: self.backends.clone(), routes: self.routes.clone(), policies: self.policies.clone() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepDocument {
    pub when: When,
    pub then: Then,
}

/// What is done: exactly one of `http`, `chat`, `mcp` and `read`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct When {
    pub http: Option<HttpCall>,
    pub chat: Option<ChatCall>,
    pub mcp: Option<McpCall>,
    pub read: Option<ReadCall>,
    pub times: Option<u32>,
}

/// A plain HTTP request.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct HttpCall {
    /// Method; left out: `GET`, or `POST` with a body.
    pub method: Option<String>,
    /// Path with query.
    pub path: String,
    /// Host; left out: the scenario's own.
    pub host: Option<String>,
    /// Headers.
    pub headers: IndexMap<String, String>,
    /// Body as text.
    pub body: Option<String>,
    /// Body as JSON.
    pub json: Option<Value>,
    /// A Gateway of the scenario's own; left out: the one that its routes attach to.
    pub gateway: Option<String>,
}

/// A chat completion in OpenAI's language.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ChatCall {
    /// Path; left out: `/v1/chat/completions`.
    pub path: Option<String>,
    /// Host; left out: the scenario's own.
    pub host: Option<String>,
    /// Model.
    pub model: String,
    /// What the system says.
    pub system: Option<String>,
    /// What the user says.
    pub user: String,
    /// Whether the answer is a stream.
    pub stream: bool,
    /// `max_tokens`.
    pub max_tokens: Option<u32>,
    /// Sent as `Authorization: Bearer`.
    pub key: Option<String>,
    /// More headers.
    pub headers: IndexMap<String, String>,
    /// A Gateway of the scenario's own.
    pub gateway: Option<String>,
}

/// A look at an object. It is repeated until all expectations hold or `within` is over: a controller takes its time.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct ReadCall {
    /// Kind, `HTTPRoute`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Namespace; left out: the scenario's.
    pub namespace: Option<String>,
    /// How long the controller may take; left out: 2 s.
    pub within: Option<String>,
}

/// What must hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct Then {
    pub status: Option<Value>,
    pub headers: IndexMap<String, Value>,
    pub body: Option<Value>,
    pub json: IndexMap<String, Value>,
    pub sse: Option<Value>,
    pub took: Option<Value>,
    pub conditions: IndexMap<String, Value>,
    pub received: IndexMap<String, Value>,
}
