//! The MCP server, with rmcp's client and with raw messages.

use super::stand::{PATIENCE, Stand};
use reqwest::{Method, Response};
use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ClientConfig, Implementation, PaginatedRequestParams, ProtocolVersion,
};
use rmcp::service::{ClientLifecycleMode, RunningService, serve_client_with_lifecycle};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{RoleClient, ServiceError};
use serde_json::{Value, json};
use tokio::time::timeout;

async fn client(stand: &Stand, lifecycle: ClientLifecycleMode) -> RunningService<RoleClient, ClientConfig> {
    let url = stand.mocks.endpoint("toolbox").unwrap().base_url.clone();
    let config = StreamableHttpClientTransportConfig::with_uri(url);
    let transport = StreamableHttpClientTransport::with_client(stand.http.clone(), config);
    let info = ClientConfig::new(ClientCapabilities::default(), Implementation::new("test", "1"));
    timeout(PATIENCE, serve_client_with_lifecycle(info, transport, lifecycle)).await.unwrap().unwrap()
}

#[tokio::test]
async fn both_families_of_revisions_list_and_call() {
    let stand = Stand::start().await;
    let newest = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    for lifecycle in [ClientLifecycleMode::Initialize, newest] {
        let client = client(&stand, lifecycle).await;
        let tools = timeout(PATIENCE, client.list_all_tools()).await.unwrap().unwrap();
        assert_eq!((tools.len(), tools[0].name.as_ref()), (12, "echo"));
        let arguments = json!({ "text": "hello", "a": 2, "b": 3, "times": 2 });
        for tool in &tools {
            let call = CallToolRequestParams::new(tool.name.clone());
            let call = call.with_arguments(arguments.as_object().unwrap().clone());
            let result = timeout(PATIENCE, client.call_tool(call)).await.unwrap().unwrap();
            assert_eq!(result.is_error == Some(true), tool.name == "test_error_handling", "{}", tool.name);
            let text = result.content[0].as_text().map(|text| text.text.as_str());
            match tool.name.as_ref() {
                "echo" => assert_eq!(text, Some("hello")),
                "add" => assert_eq!(text, Some("5")),
                "repeat" => assert_eq!(text, Some("hello hello")),
                "test_simple_text" => assert_eq!(text, Some("This is a simple text response for testing.")),
                "test_image_content" => assert_eq!(result.content[0].as_image().unwrap().mime_type, "image/png"),
                "test_audio_content" => assert!(result.content[0].as_audio().is_some()),
                "test_multiple_content_types" => assert_eq!(result.content.len(), 3),
                _ => assert!(!result.content.is_empty()),
            }
        }
        let strange = Some(PaginatedRequestParams::default().with_cursor(Some("nowhere".to_owned())));
        let refused = timeout(PATIENCE, client.list_tools(strange)).await.unwrap();
        assert!(matches!(refused, Err(ServiceError::McpError(error)) if error.code.0 == -32602));
        timeout(PATIENCE, client.cancel()).await.unwrap().unwrap();
    }
}

pub async fn post(stand: &Stand, session: Option<&str>, message: &Value) -> Response {
    let request = stand.request("toolbox", Method::POST, "/mcp").json(message);
    let request = request.header("host", "toolbox.mcp-01.svc.cluster.local");
    let request = request.header("accept", "application/json, text/event-stream");
    let request = match session {
        Some(id) => request.header("mcp-session-id", id).header("mcp-protocol-version", "2025-11-25"),
        None => request.header("mcp-method", "initialize"),
    };
    request.send().await.unwrap()
}

pub fn initialize() -> Value {
    let info = json!({ "name": "test", "version": "1" });
    // The gateway adds the empty `_meta`.
    let params = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": info, "_meta": {} });
    json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params })
}

/// The message in an answer of one event.
pub async fn message(response: Response) -> Value {
    let events = super::stand::events(response).await;
    assert_eq!(events.len(), 1, "{events:?}");
    serde_json::from_str(&events[0].data).unwrap()
}

/// A session that is ready for use.
pub async fn session(stand: &Stand) -> String {
    let response = post(stand, None, &initialize()).await;
    assert_eq!(response.status(), 200);
    let id = response.headers()["mcp-session-id"].to_str().unwrap().to_owned();
    let answer = message(response).await;
    assert_eq!(answer["result"]["serverInfo"]["name"], "agw-sandbox-toolbox");
    assert_eq!(answer["result"]["protocolVersion"], "2025-11-25");
    let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    assert_eq!(post(stand, Some(&id), &ready).await.status(), 202);
    id
}

#[tokio::test]
async fn an_empty_meta_is_of_the_older_family_and_sessions_end() {
    let stand = Stand::start().await;
    let id = session(&stand).await;
    let ping = json!({ "jsonrpc": "2.0", "id": 2, "method": "ping" });
    assert_eq!(message(post(&stand, Some(&id), &ping).await).await["result"], json!({}));
    let end = stand.request("toolbox", Method::DELETE, "/mcp").header("mcp-session-id", &id).send().await.unwrap();
    assert!(end.status().is_success());
    assert_eq!(post(&stand, Some(&id), &ping).await.status(), 404);
    let recorded = stand.admin.exchanges(&agw_sandbox::exchange::Lane::named("mcp-01"), "toolbox").await.unwrap();
    assert!(recorded[0].sent.as_ref().unwrap().body.contains("agw-sandbox-toolbox"));
}
