//! The face of a server towards one session, or towards one request of the stateless revision.

use super::call::call;
use super::complete::complete;
use super::contents::{contents, not_found};
use super::hub::{Hub, Listening, Watched, lock};
use super::pages::page;
use super::prompt::prompt;
use super::revision::is_since;
use rmcp::model::*;
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use std::sync::{Arc, Mutex};

/// How long a client may keep a list: a minute, in milliseconds.
const TIME_TO_LIVE_MS: u64 = 60_000;
/// How many resources one session may watch.
const MOST_WATCHED: usize = 1_000;
/// The methods that rmcp hands over as unknown when their parameters are wrong.
const METHODS: [&str; 12] = [
    "server/discover",
    "tools/list",
    "tools/call",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "subscriptions/listen",
    "prompts/list",
    "prompts/get",
    "completion/complete",
    "tasks/get",
    "tasks/update",
];
/// Those that the stateless revision has no more.
const OLD_METHODS: [&str; 4] = ["initialize", "logging/setLevel", "resources/subscribe", "resources/unsubscribe"];

/// One server, as one client sees it.
pub(super) struct Server {
    hub: Arc<Hub>,
    watched: Watched,
    level: Arc<Mutex<Option<LoggingLevel>>>,
    listening: Mutex<Option<Listening>>,
}

impl Server {
    pub(super) fn new(hub: Arc<Hub>) -> Self {
        Self { hub, watched: Watched::default(), level: Arc::default(), listening: Mutex::default() }
    }
}

/// The page that a request wants.
fn listed<T: Clone>(
    items: &[T],
    size: usize,
    request: Option<PaginatedRequestParams>,
) -> Result<(Vec<T>, Option<String>), ErrorData> {
    let cursor = request.and_then(|request| request.cursor);
    let found = page(items, size, cursor.as_deref());
    let (items, next) = found.ok_or_else(|| ErrorData::invalid_params("Invalid cursor", None))?;
    Ok((items.to_vec(), next))
}

/// Whether a request is of the revision without sessions, which wants hints for caches too.
fn is_stateless(context: &RequestContext<RoleServer>) -> bool {
    is_since(context.protocol_version().as_ref(), &ProtocolVersion::V_2026_07_28)
}

macro_rules! list {
    ($list:ident, $items:expr, $next:expr, $context:expr) => {{
        let mut list = $list::with_all_items($items);
        list.next_cursor = $next;
        Ok(if is_stateless(&$context) {
            list.with_ttl_ms(TIME_TO_LIVE_MS).with_cache_scope(CacheScope::Public)
        } else {
            list
        })
    }};
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        self.hub.personality.config.clone()
    }

    async fn on_initialized(&self, context: NotificationContext<RoleServer>) {
        let listening = self.hub.add_session(context.peer, Arc::clone(&self.watched));
        *lock(&self.listening) = Some(listening);
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        self.hub.personality.delay().await;
        let (items, next) = listed(&self.hub.personality.tools, self.hub.personality.page, request)?;
        list!(ListToolsResult, items, next, context)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.hub.personality.offer(name).map(|offer| offer.tool.clone())
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let level = *lock(&self.level);
        call(&self.hub, level, request, context).await
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let all: Vec<Resource> = self.hub.personality.resources.iter().map(|sheet| sheet.resource.clone()).collect();
        let (items, next) = listed(&all, self.hub.personality.page, request)?;
        list!(ListResourcesResult, items, next, context)
    }

    async fn list_resource_templates(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let all: Vec<ResourceTemplate> =
            self.hub.personality.templates.iter().map(|sheet| sheet.template.clone()).collect();
        let (items, next) = listed(&all, self.hub.personality.page, request)?;
        list!(ListResourceTemplatesResult, items, next, context)
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let contents = contents(&self.hub.personality, &request.uri);
        let contents = contents.ok_or_else(|| not_found(&request.uri))?;
        let result = ReadResourceResult::new(vec![contents]);
        let hinted =
            |result: ReadResourceResult| result.with_ttl_ms(TIME_TO_LIVE_MS).with_cache_scope(CacheScope::Public);
        Ok(if is_stateless(&context) { hinted(result) } else { result }.into())
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        if contents(&self.hub.personality, &request.uri).is_none() {
            return Err(not_found(&request.uri));
        }
        let mut watched = lock(&self.watched);
        if watched.len() >= MOST_WATCHED {
            return Err(ErrorData::internal_error("This session watches too many resources.", None));
        }
        watched.insert(request.uri);
        Ok(())
    }

    async fn unsubscribe(
        &self,
        request: UnsubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        lock(&self.watched).remove(&request.uri);
        Ok(())
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(requested.supported_by(&self.hub.personality.config.capabilities))
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        let _listening = self.hub.add_subscription(context.sink().clone());
        context.cancelled().await;
        Ok(())
    }

    async fn list_prompts(
        &self,
        request: Option<PaginatedRequestParams>,
        context: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let all: Vec<Prompt> = self.hub.personality.prompts.iter().map(|sheet| sheet.prompt.clone()).collect();
        let (items, next) = listed(&all, self.hub.personality.page, request)?;
        list!(ListPromptsResult, items, next, context)
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        prompt(&self.hub, request, &context).await
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        complete(&self.hub.personality, &request)
    }

    async fn set_level(
        &self,
        request: SetLevelRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        if self.hub.personality.config.capabilities.logging.is_none() || is_stateless(&context) {
            return Err(ErrorData::method_not_found::<SetLevelRequestMethod>());
        }
        *lock(&self.level) = Some(request.level);
        Ok(())
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: RequestContext<RoleServer>,
    ) -> Result<CustomResult, ErrorData> {
        let is_old = OLD_METHODS.contains(&request.method.as_str()) && !is_stateless(&context);
        if is_old || METHODS.contains(&request.method.as_str()) {
            let message = format!("The parameters of {} are wrong.", request.method);
            return Err(ErrorData::invalid_params(message, None));
        }
        let method: String = request.method.chars().take(100).collect();
        Err(ErrorData::new(ErrorCode::METHOD_NOT_FOUND, format!("Method not found: {method}"), None))
    }

    async fn get_task(
        &self,
        request: GetTaskParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<GetTaskResult, ErrorData> {
        Ok(GetTaskResult::new(self.hub.tasks.get_task(&request.task_id)?))
    }

    async fn update_task(
        &self,
        request: UpdateTaskParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.hub.tasks.update_task(&request.task_id, request.input_responses)
    }

    async fn cancel_task(
        &self,
        request: CancelTaskParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        self.hub.tasks.cancel_task(&request.task_id)
    }
}
