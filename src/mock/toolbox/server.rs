//! The server behind every session.

use super::{call, pages, tools};
use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, Implementation, ListToolsResult, PaginatedRequestParams,
    ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler};
use std::sync::{Arc, LazyLock};

/// The name by which clients know this server.
const NAME: &str = "agw-sandbox-toolbox";

/// How long a client may keep the list of tools: a minute, in milliseconds.
const TIME_TO_LIVE_MS: u64 = 60_000;

static TOOLS: LazyLock<Arc<[Tool]>> = LazyLock::new(|| tools::all().into());

/// The server's face towards one session.
#[derive(Debug, Clone)]
pub(super) struct Toolbox {
    tools: Arc<[Tool]>,
}

impl Toolbox {
    /// All sessions share the tools.
    pub(super) fn new() -> Self {
        Self { tools: Arc::clone(&TOOLS) }
    }
}

impl ServerHandler for Toolbox {
    fn get_info(&self) -> ServerConfig {
        let identity = Implementation::new(NAME, env!("CARGO_PKG_VERSION")).with_title("Toolbox of agw-sandbox");
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(identity)
            .with_instructions("Tools for trying out a gateway: they need nothing and change nothing.")
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        let (tools, next_cursor) = pages::page(&self.tools, cursor.as_deref())
            .ok_or_else(|| ErrorData::invalid_params("Invalid cursor", None))?;
        let mut list = ListToolsResult::with_all_items(tools.to_vec());
        list.next_cursor = next_cursor;
        // Only the stateless revisions name themselves in every request; they want hints for caches in lists.
        let is_stateless = context.meta.protocol_version().is_some();
        Ok(if is_stateless { list.with_ttl_ms(TIME_TO_LIVE_MS).with_cache_scope(CacheScope::Public) } else { list })
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        call::call(&request.name, &request.arguments.unwrap_or_default()).map(CallToolResponse::from)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.tools.iter().find(|tool| tool.name == name).cloned()
    }
}
