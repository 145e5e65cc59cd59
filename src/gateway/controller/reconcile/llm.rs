//! LLM providers, from `ai.provider` to something that can be called.

use super::policy::not_implemented;
use crate::gateway::table::{Authority, LlmBackend, LlmProvider, ObjectName, UpstreamPath};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Fields beside the one that names the provider.
const PLACE: [&str; 4] = ["host", "port", "path", "pathPrefix"];

/// Reads a provider. What cannot be translated is an error in the real controller's words.
pub(super) fn read(name: ObjectName, fields: &Map<String, Value>, tls: bool) -> Result<LlmBackend, String> {
    let mut named = fields.iter().filter(|(field, _)| !PLACE.contains(&field.as_str()));
    let (field, settings) = named.next().ok_or_else(|| "no provider is named".to_owned())?;
    let provider = provider(field, settings)?;
    let host_override = authority(fields);
    let model = if field == "azureopenai" { &settings["deploymentName"] } else { &settings["model"] };
    Ok(LlmBackend {
        name,
        provider,
        model: model.as_str().map(str::to_owned),
        path: path(fields, host_override.is_some()),
        host_override,
        auth: None,
        tls,
        policies: Arc::default(),
    })
}

fn provider(field: &str, settings: &Value) -> Result<LlmProvider, String> {
    let text = |name: &str| settings[name].as_str().map(str::to_owned);
    Ok(match field {
        "openai" => LlmProvider::OpenAi,
        "anthropic" => LlmProvider::Anthropic,
        "gemini" => LlmProvider::Gemini,
        "vertexai" => LlmProvider::Vertex {
            project: text("projectId").unwrap_or_default(),
            region: text("region").unwrap_or_else(|| "global".to_owned()),
        },
        "azure" => {
            let resource = text("resourceName").unwrap_or_default();
            let is_foundry = settings["resourceType"] == "Foundry";
            let domain = if is_foundry { "services.ai.azure.com" } else { "openai.azure.com" };
            LlmProvider::Azure {
                host: format!("{resource}.{domain}"),
                version: text("apiVersion"),
                project: is_foundry.then(|| text("projectName").unwrap_or(resource)),
            }
        }
        "azureopenai" => {
            let endpoint = text("endpoint").unwrap_or_default();
            let host = endpoint.split_once("://").map_or(endpoint.as_str(), |(_, host)| host);
            LlmProvider::Azure {
                host: host.trim_end_matches('/').to_owned(),
                version: text("apiVersion"),
                project: None,
            }
        }
        "bedrock" => {
            let guardrail = |name: &str| settings["guardrail"][name].as_str().map(str::to_owned);
            LlmProvider::Bedrock {
                region: text("region").unwrap_or_else(|| "us-east-1".to_owned()),
                guardrail: guardrail("identifier").zip(guardrail("version")),
            }
        }
        other => return Err(not_implemented(&format!("ai.provider.{other}"))),
    })
}

fn authority(fields: &Map<String, Value>) -> Option<Authority> {
    let host = fields.get("host")?.as_str()?.to_owned();
    let port = u16::try_from(fields.get("port")?.as_u64()?).ok()?;
    Some(Authority { host, port })
}

/// Source: facts/lifecycle.md B.2, "Path rules".
fn path(fields: &Map<String, Value>, has_host: bool) -> UpstreamPath {
    let text = |field: &str| fields.get(field).and_then(Value::as_str).map(str::to_owned);
    match (text("path"), text("pathPrefix")) {
        (Some(path), _) => UpstreamPath::Exact(path),
        (None, Some(prefix)) => UpstreamPath::Prefix(prefix),
        (None, None) if has_host => UpstreamPath::Client,
        (None, None) => UpstreamPath::Default,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_spec(text: &str) -> Result<LlmBackend, String> {
        let fields: Map<String, Value> = serde_yaml::from_str(text).unwrap();
        read(ObjectName { namespace: "ns".into(), name: "b".into() }, &fields, false)
    }

    #[test]
    fn clouds_are_told_apart_by_their_settings() {
        let azure = |host: &str, version: Option<&str>, project: Option<&str>| LlmProvider::Azure {
            host: host.into(),
            version: version.map(Into::into),
            project: project.map(Into::into),
        };
        for (spec, provider, model) in [
            (
                "{vertexai: {projectId: p1}}",
                LlmProvider::Vertex { project: "p1".into(), region: "global".into() },
                None,
            ),
            (
                "{azureopenai: {endpoint: 'https://res.openai.azure.com', deploymentName: dep1, apiVersion: '2024-10-21'}}",
                azure("res.openai.azure.com", Some("2024-10-21"), None),
                Some("dep1"),
            ),
            (
                "{azure: {resourceName: res, resourceType: Foundry, projectName: proj, model: m}}",
                azure("res.services.ai.azure.com", None, Some("proj")),
                Some("m"),
            ),
            (
                "{bedrock: {guardrail: {identifier: g, version: '1'}}, host: h, port: 1}",
                LlmProvider::Bedrock { region: "us-east-1".into(), guardrail: Some(("g".into(), "1".into())) },
                None,
            ),
        ] {
            let backend = read_spec(spec).unwrap();
            assert_eq!((backend.provider, backend.model.as_deref()), (provider, model), "{spec}");
        }
        assert!(read_spec("{custom: {}}").unwrap_err().ends_with("implement ai.provider.custom"));
    }
}
