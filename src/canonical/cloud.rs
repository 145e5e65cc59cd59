//! What the clouds want to know of a backend beside its model.

use super::KeySource;
use serde::{Deserialize, Serialize};

/// Where models of Vertex AI are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Vertex {
    /// Id of the Google Cloud project.
    pub project: String,
    /// Location; left out: `global`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
}

/// A resource of Azure OpenAI, or of Azure AI Foundry where `project` is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Azure {
    /// Name of the resource, the first part of its host name.
    pub resource: String,
    /// Project of a Foundry resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// Version of the API: `v1`, `preview` or a date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub api_version: Option<String>,
}

/// A region of Amazon Bedrock, and what signs requests there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub struct Bedrock {
    /// Region; left out: `us-east-1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Id of the access key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key: Option<KeySource>,
    /// Its secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_key: Option<KeySource>,
}

/// The language of requests, in the words of the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Api {
    /// Chat completions.
    Completions,
    /// Anthropic's messages.
    Messages,
    /// OpenAI's responses.
    Responses,
    /// Embeddings.
    Embeddings,
    /// The count of the tokens of messages.
    AnthropicTokenCount,
    /// A list of models.
    Models,
    /// Anything, passed on as it is.
    Passthrough,
}
