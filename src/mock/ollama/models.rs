//! The models that there are.

use super::refusal::Refusal;
use http::StatusCode;
use serde_json::{Value, json};

/// 2026-01-01T00:00:00Z, in seconds.
pub(super) const MODIFIED: u64 = 1_767_225_600;
const MODIFIED_AT: &str = "2026-01-01T00:00:00.123456789Z";

/// A model.
#[derive(Debug)]
pub(super) struct Model {
    name: &'static str,
    pub(super) family: &'static str,
    pub(super) parameters: &'static str,
    size: u64,
    pub(super) capabilities: &'static [&'static str],
    /// How many tokens it says at most when the request does not tell.
    pub(super) limit: Option<u64>,
    /// The length of its embeddings.
    pub(super) dimensions: usize,
}

const MODELS: [Model; 4] = [
    Model {
        name: "tiny",
        family: "llama",
        parameters: "76K",
        size: 312_445,
        capabilities: &["completion"],
        limit: Some(12),
        dimensions: 64,
    },
    Model {
        name: "llama3.2",
        family: "llama",
        parameters: "3.2B",
        size: 2_019_393_189,
        capabilities: &["completion", "tools"],
        limit: None,
        dimensions: 768,
    },
    Model {
        name: "qwen3",
        family: "qwen3",
        parameters: "8.2B",
        size: 5_225_388_164,
        capabilities: &["completion", "tools", "thinking"],
        limit: None,
        dimensions: 768,
    },
    Model {
        name: "nomic-embed-text",
        family: "nomic-bert",
        parameters: "137M",
        size: 274_302_450,
        capabilities: &["embedding"],
        limit: None,
        dimensions: 768,
    },
];

impl Model {
    /// The model with this name; `:latest` may be left out, and case does not count.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        static ALL: [Model; 4] = MODELS;
        let name = name.to_ascii_lowercase();
        let bare = name.strip_suffix(":latest").unwrap_or(&name);
        ALL.iter().find(|model| model.name == bare)
    }

    /// Refuses a request that needs what the model cannot do.
    pub(super) fn must(&self, capability: &str, word: &str) -> Result<(), Refusal> {
        if self.capabilities.contains(&capability) {
            return Ok(());
        }
        let message = format!("registry.ollama.ai/library/{}:latest does not support {word}", self.name);
        Err(Refusal::invalid(message))
    }

    /// What all descriptions of the model say.
    pub(super) fn details(&self, parent: &str) -> Value {
        json!({
            "parent_model": parent,
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameters,
            "quantization_level": "Q4_K_M",
        })
    }

    fn head(&self) -> Value {
        let name = format!("{}:latest", self.name);
        json!({ "name": name, "model": name })
    }

    fn digest(&self) -> String {
        use sha2::{Digest, Sha256};
        hex::encode(Sha256::digest(self.name))
    }
}

/// Whether this can be the name of a model at all.
pub(super) fn is_name(name: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || "-_./:".contains(letter);
    name.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_') && name.chars().all(is_letter)
}

/// A model that is not there.
pub(super) fn absent(name: &str) -> Refusal {
    Refusal::with(StatusCode::NOT_FOUND, format!("model '{name}' not found"))
}

/// A name that no model has, as `show` and `embed` say it.
pub(super) fn unqualified(name: &str) -> Refusal {
    let name = if name.is_empty() { "!MISSING!" } else { name };
    let message = format!("unqualified name: registry.ollama.ai/library/{name}:latest");
    Refusal::with(StatusCode::INTERNAL_SERVER_ERROR, message)
}

/// All that there are.
pub(super) fn tags() -> Value {
    let models = MODELS.iter().map(|model| {
        let mut tag = model.head();
        tag["modified_at"] = MODIFIED_AT.into();
        tag["size"] = model.size.into();
        tag["digest"] = model.digest().into();
        tag["details"] = model.details("");
        tag
    });
    json!({ "models": models.collect::<Vec<_>>() })
}

/// All that are loaded.
pub(super) fn loaded() -> Value {
    let models = MODELS.iter().map(|model| {
        let mut loaded = model.head();
        loaded["size"] = (model.size * 2).into();
        loaded["digest"] = model.digest().into();
        loaded["details"] = model.details("");
        loaded["expires_at"] = MODIFIED_AT.into();
        loaded["size_vram"] = 0.into();
        loaded["context_length"] = 2_048.into();
        loaded
    });
    json!({ "models": models.collect::<Vec<_>>() })
}

/// All that there are, as OpenAI lists them.
pub(super) fn compatible_list() -> Value {
    let models = MODELS.iter().map(|model| compatible(&format!("{}:latest", model.name)));
    json!({ "object": "list", "data": models.collect::<Vec<_>>() })
}

/// One of them, by the name that the client used.
pub(super) fn compatible(name: &str) -> Value {
    json!({ "id": name, "object": "model", "created": MODIFIED, "owned_by": "library" })
}

/// When the models were made.
pub(super) fn modified_at() -> &'static str {
    MODIFIED_AT
}
