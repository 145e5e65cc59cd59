//! What a request wants of the assistant.

use serde_json::Value;

/// What a request wants of the assistant.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::mock) struct Wish {
    /// What the user said last.
    pub(in crate::mock) said: String,
    /// The most tokens that the answer may have.
    pub(in crate::mock) limit: Option<u64>,
    /// Texts that end the answer before they are said.
    pub(in crate::mock) stops: Vec<String>,
    /// The tools that the assistant may call.
    pub(in crate::mock) tools: Vec<Tool>,
    /// Whether it has to call one.
    pub(in crate::mock) choice: Choice,
    /// The form of the text.
    pub(in crate::mock) form: Form,
    /// What the prompt costs, in tokens.
    pub(in crate::mock) prompt: u64,
}

/// A tool that may be called.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mock) struct Tool {
    pub(in crate::mock) name: String,
    /// The JSON Schema of its arguments.
    pub(in crate::mock) schema: Value,
}

/// Which tool is to be called.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::mock) enum Choice {
    /// As the assistant likes: without a script it calls none.
    #[default]
    Free,
    /// Any, but one has to be: the first.
    Any,
    /// This one.
    Named(String),
}

/// The form of a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::mock) enum Form {
    #[default]
    Text,
    /// A JSON object.
    Json,
    /// JSON that a schema allows.
    Schema(Value),
}
