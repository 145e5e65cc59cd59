//! What the assistant says.

use crate::exchange::Citation;
use serde_json::{Map, Value};

/// What the assistant says.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mock) struct Said {
    /// The tokens of its thoughts.
    pub(in crate::mock) reasoning: Vec<String>,
    /// The tokens of its text; none where it says nothing.
    pub(in crate::mock) text: Vec<String>,
    /// The tokens of its refusal.
    pub(in crate::mock) refusal: Vec<String>,
    /// The tools that it calls.
    pub(in crate::mock) calls: Vec<Call>,
    /// What the text is founded on.
    pub(in crate::mock) citations: Vec<Citation>,
    /// What ended it.
    pub(in crate::mock) ending: Ending,
    /// The word for the end that the lane wants instead.
    pub(in crate::mock) finish: Option<String>,
    /// What it cost.
    pub(in crate::mock) usage: Usage,
}

/// A call of a tool.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::mock) struct Call {
    /// The id that the lane wants; else the vendor has one.
    pub(in crate::mock) id: Option<String>,
    pub(in crate::mock) name: String,
    pub(in crate::mock) arguments: Map<String, Value>,
}

/// What ended an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::mock) enum Ending {
    /// All is said.
    Done,
    /// The limit of the request.
    Limit,
    /// One of the texts that end an answer.
    Stop(String),
    /// Tools are to be called.
    Calls,
    /// The assistant does not want to.
    Refusal,
}

/// Tokens of a prompt and its answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::mock) struct Usage {
    /// All of the prompt.
    pub(in crate::mock) input: u64,
    /// Those of the prompt that were read from a cache.
    pub(in crate::mock) cached: u64,
    /// Those of the prompt that were written to a cache.
    pub(in crate::mock) cache_written: u64,
    /// All of the answer.
    pub(in crate::mock) output: u64,
    /// Those of the answer that are thoughts.
    pub(in crate::mock) reasoning: u64,
}

impl Call {
    /// The arguments as JSON text.
    pub(in crate::mock) fn arguments_text(&self) -> String {
        Value::Object(self.arguments.clone()).to_string()
    }
}
