//! What a client of each mock looks like, ready to paste.

use super::credentials;
use crate::mock::MockEndpoint;
use serde_json::Value;

const SNIPPETS: [(&str, &str); 8] = [
    ("openai", include_str!("snippets/openai.py")),
    ("anthropic", include_str!("snippets/anthropic.py")),
    ("gemini", include_str!("snippets/gemini.py")),
    ("vertex", include_str!("snippets/vertex.py")),
    ("azure", include_str!("snippets/azure.py")),
    ("bedrock", include_str!("snippets/bedrock.py")),
    ("ollama", include_str!("snippets/ollama.py")),
    ("toolbox", include_str!("snippets/toolbox.py")),
];

/// Python for the vendor's own SDK that talks to this mock.
pub(super) fn snippet(endpoint: &MockEndpoint) -> Option<String> {
    let (_, text) = SNIPPETS.iter().find(|(name, _)| *name == endpoint.name)?;
    let accepted = credentials::of(endpoint.name);
    let part = |name: &str| accepted[name].as_str().unwrap_or_default().to_owned();
    let text =
        text.replace("<url>", &endpoint.base_url).replace("<id>", &part("id")).replace("<secret>", &part("secret"));
    Some(match accepted {
        Value::String(key) => text.replace("<key>", &key),
        _ => text,
    })
}
