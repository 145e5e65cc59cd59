//! One line for each mock that exercises it, ready to paste into a shell.

use super::super::trust_files::TrustFiles;
use super::credentials;
use crate::mock::{MockEndpoint, Protocol};
use serde_json::Value;
use std::path::Path;

/// What every MCP server answers.
const INITIALIZE: &str = r#"curl -s <url> -H 'accept: application/json, text/event-stream' -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}'"#;

/// The lines of the others. `<url>` is the mock's URL, `<key>`, `<id>` and `<secret>` what it accepts, `<ca>`, `<client>` and
/// `<client key>` are files.
const TRIES: [(&str, &str); 22] = [
    (
        "openai",
        r#"curl -s <url>/chat/completions -H 'authorization: Bearer <key>' -H 'content-type: application/json' -d '{"model":"gpt-4o-mini","messages":[{"role":"user","content":"hello"}]}'"#,
    ),
    (
        "anthropic",
        r#"curl -s <url>/v1/messages -H 'x-api-key: <key>' -H 'anthropic-version: 2023-06-01' -H 'content-type: application/json' -d '{"model":"claude-sonnet-4-5","max_tokens":100,"messages":[{"role":"user","content":"hello"}]}'"#,
    ),
    (
        "gemini",
        r#"curl -s <url>/v1beta/models/gemini-2.5-flash:generateContent -H 'x-goog-api-key: <key>' -H 'content-type: application/json' -d '{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}'"#,
    ),
    (
        "vertex",
        r#"curl -s <url>/v1/projects/demo/locations/us-central1/publishers/google/models/gemini-2.5-flash:generateContent -H 'authorization: Bearer <key>' -H 'content-type: application/json' -d '{"contents":[{"role":"user","parts":[{"text":"hello"}]}]}'"#,
    ),
    (
        "azure",
        r#"curl -s '<url>/openai/deployments/my-deployment/chat/completions?api-version=2024-10-21' -H 'api-key: <key>' -H 'content-type: application/json' -d '{"messages":[{"role":"user","content":"hello"}]}'"#,
    ),
    (
        "bedrock",
        r#"curl -s <url>/model/amazon.nova-lite/converse --aws-sigv4 aws:amz:us-east-1:bedrock -u <id>:<secret> -H 'content-type: application/json' -d '{"messages":[{"role":"user","content":[{"text":"hello"}]}]}'"#,
    ),
    (
        "ollama",
        r#"curl -s <url>/api/chat -d '{"model":"llama3.2","stream":false,"messages":[{"role":"user","content":"hello"}]}'"#,
    ),
    // Where no identity provider runs, there is one token that everybody knows.
    (
        "protected",
        r#"curl -s <url> -H "authorization: Bearer $(agw-sandbox token 2> /dev/null || echo sk-sandbox)" -H 'accept: application/json, text/event-stream' -H 'content-type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"curl","version":"1"}}}'"#,
    ),
    ("legacy", "curl -sN -m 1 <url> || true"),
    ("identity", "curl -s <url>/token -u my-app:secret -d grant_type=client_credentials"),
    ("echo", "curl -s '<url>/hello?a=1' -H 'x-greeting: hi'"),
    ("echo-tls", "curl -s <url>/hello --cacert <ca>"),
    ("echo-mtls", "curl -s <url>/hello --cacert <ca> --cert <client> --key <client key>"),
    ("echo-expired", "curl -sS <url>/hello --cacert <ca> || echo 'refused, as it should be'"),
    ("echo-wrong-host", "curl -sS <url>/hello --cacert <ca> || echo 'refused, as it should be'"),
    ("ext-authz", "agw-sandbox mock call ext-authz --url <url> --header 'x-ext-authz: allow'"),
    ("ext-authz-http", "curl -si <url>/hello -H 'x-ext-authz: allow'"),
    (
        "ext-proc",
        r#"agw-sandbox mock call ext-proc --url <url> --header 'instructions: {"addHeaders":{"x-greeting":"hi"}}'"#,
    ),
    ("rate-limit", "agw-sandbox mock call rate-limit --url <url> --entry user=alice --times 2"),
    (
        "guardrail",
        r#"curl -s <url>/request -H 'content-type: application/json' -d '{"body":{"messages":[{"role":"user","content":"what is masking?"}]}}'"#,
    ),
    ("otlp", "agw-sandbox mock call otlp --url <url> && agw-sandbox mock traces"),
    (
        "otlp-http",
        r#"curl -s <url>/v1/traces -H 'content-type: application/json' -d '{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"hello","startTimeUnixNano":"1767225600000000000","endTimeUnixNano":"1767225600500000000"}]}]}]}'"#,
    ),
];

/// The line for this mock; none where its files could not be written.
pub(super) fn line(endpoint: &MockEndpoint, files: Option<&TrustFiles>) -> Option<String> {
    let known = TRIES.iter().find(|(name, _)| *name == endpoint.name).map(|(_, line)| *line);
    let line = known.or((endpoint.protocol == Protocol::Mcp).then_some(INITIALIZE))?;
    let accepted = credentials::of(endpoint.name);
    let part = |name: &str| accepted[name].as_str().unwrap_or_default().to_owned();
    let line =
        line.replace("<url>", &endpoint.base_url).replace("<id>", &part("id")).replace("<secret>", &part("secret"));
    let line = match &accepted {
        Value::String(key) => line.replace("<key>", key),
        _ => line,
    };
    if !line.contains("<ca>") {
        return Some(line);
    }
    let files = files?;
    let (client, key) = (quoted(&files.client_certificate), quoted(&files.client_key));
    Some(line.replace("<ca>", &quoted(&files.authority)).replace("<client>", &client).replace("<client key>", &key))
}

/// A path that a shell takes as one word.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "/._-".contains(letter);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}
