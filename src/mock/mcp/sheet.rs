//! A personality as it is written down.

use indexmap::IndexMap;
use rmcp::model::{Prompt, Resource, ResourceTemplate, ToolAnnotations};
use serde::Deserialize;
use serde_json::{Value, json};

/// What one server is and offers, in the words of MCP.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Sheet {
    /// The name by which clients know it.
    pub(super) name: String,
    pub(super) title: String,
    pub(super) instructions: String,
    /// How many items a page of a list has.
    pub(super) page: Option<usize>,
    /// Only hosts of this machine and of clusters may be named in `Host`.
    pub(super) strict_host: bool,
    /// Streams begin with an event that says after how many milliseconds to come back.
    pub(super) retry_ms: Option<u64>,
    /// How long every list and every call takes, in milliseconds.
    pub(super) delay_ms: u64,
    pub(super) logging: bool,
    pub(super) tasks: bool,
    pub(super) tools: Vec<ToolSheet>,
    /// Tools that differ in a number only.
    pub(super) series: Option<Series>,
    pub(super) resources: Vec<ResourceSheet>,
    pub(super) templates: Vec<TemplateSheet>,
    pub(super) prompts: Vec<PromptSheet>,
}

/// A tool and what it does.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ToolSheet {
    pub(super) name: String,
    pub(super) title: Option<String>,
    pub(super) description: String,
    #[serde(default = "any_object")]
    pub(super) input: Value,
    pub(super) output: Option<Value>,
    pub(super) annotations: Option<ToolAnnotations>,
    /// What it asks its client before it answers.
    pub(super) asks: Option<Asking>,
    /// The capability that its client must have.
    pub(super) needs: Option<String>,
    pub(super) answer: Option<Answer>,
    /// The name of code that answers.
    pub(super) act: Option<String>,
}

/// An answer; `{name}` stands for an argument.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Answer {
    pub(super) text: Option<String>,
    pub(super) content: Vec<Value>,
    pub(super) structured: Option<Value>,
    /// Whether it says that the tool failed.
    pub(super) fails: bool,
}

/// Questions to the client: rounds of requests, by the name under which the answer is known.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(super) struct Asking {
    pub(super) rounds: Vec<IndexMap<String, Value>>,
    /// Whether the client carries a sealed state from round to round, even where there is one round only.
    pub(super) sealed: bool,
    /// Leaves out what the client cannot answer, instead of refusing the call.
    pub(super) declared_only: bool,
}

/// So many tools, numbered from 1; `{n}` stands for the number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Series {
    pub(super) count: usize,
    pub(super) tool: ToolSheet,
}

/// A resource and what is in it.
#[derive(Debug, Deserialize)]
pub(super) struct ResourceSheet {
    #[serde(flatten)]
    pub(super) resource: Resource,
    pub(super) text: Option<String>,
    pub(super) blob: Option<String>,
}

/// A template and what is in its resources.
#[derive(Debug, Deserialize)]
pub(super) struct TemplateSheet {
    #[serde(flatten)]
    pub(super) template: ResourceTemplate,
    pub(super) text: String,
    /// What may stand for each variable.
    #[serde(default)]
    pub(super) complete: IndexMap<String, Vec<String>>,
}

/// A prompt and its messages.
#[derive(Debug, Deserialize)]
pub(super) struct PromptSheet {
    #[serde(flatten)]
    pub(super) prompt: Prompt,
    pub(super) messages: Vec<Value>,
    pub(super) asks: Option<Asking>,
    #[serde(default)]
    pub(super) complete: IndexMap<String, Vec<String>>,
}

fn any_object() -> Value {
    json!({ "type": "object", "properties": {} })
}
