//! The face of a server towards one session, or towards one request of the stateless revision.

use super::acts::Call;
use super::asking::{Asked, Returned, declaring, failure, has};
use super::fill::{filled, filled_text};
use super::hub::{Hub, Listening, Watched, lock};
use super::offer::{Does, Offer};
use super::pages::page;
use super::revision::{fit, is_since};
use super::template::variables;
use rmcp::model::*;
use rmcp::service::{NotificationContext, RequestContext, SubscriptionContext};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde_json::{Value, json};
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

    fn offer(&self, name: &str) -> Result<&Offer, ErrorData> {
        let shown = || name.chars().take(100).collect::<String>();
        let offer = self.hub.personality.offer(name);
        offer.ok_or_else(|| ErrorData::invalid_params(format!("Unknown tool: {}", shown()), None))
    }

    async fn delay(&self) {
        if !self.hub.personality.delay.is_zero() {
            tokio::time::sleep(self.hub.personality.delay).await;
        }
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
        self.delay().await;
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
        let offer = self.offer(&request.name)?;
        self.delay().await;
        let version = context.protocol_version();
        let mut arguments = request.arguments.unwrap_or_default();
        if let Some(fault) = offer.fault(&arguments) {
            // Since 2025-11-25 a model is to see what it did wrong.
            let is_told = is_since(version.as_ref(), &ProtocolVersion::V_2025_11_25);
            return if is_told { Ok(failure(fault).into()) } else { Err(ErrorData::invalid_params(fault, None)) };
        }
        if let Some(needed) = &offer.needs
            && !has(&context.client_capabilities().unwrap_or_default(), needed)
        {
            return Err(ErrorData::missing_required_client_capability(declaring(needed)));
        }
        let mut responses = request.input_responses;
        if let Some(asking) = &offer.asks {
            let returned = Returned { responses: responses.take(), state: request.request_state };
            match asking.ask(&self.hub, &context, &arguments, returned).await? {
                Asked::Answered(answers) => arguments.extend(answers),
                Asked::InputRequired(result) => return Ok(result.into()),
                Asked::Failed(message) => return Ok(failure(message).into()),
            }
        }
        let result = match &offer.does {
            Does::Says(result) => result.clone(),
            Does::Fills(answer) => answer.result(&arguments)?,
            Does::Computes(compute) => compute(&arguments),
            Does::Acts(act) => {
                let (hub, level) = (Arc::clone(&self.hub), *lock(&self.level));
                return act(Call { arguments, responses, context, hub, level }).await;
            }
        };
        Ok(fit(result, version.as_ref()).into())
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
        let contents = self.contents(&request.uri).ok_or_else(|| {
            let message = format!("Resource not found: {}", request.uri.chars().take(200).collect::<String>());
            ErrorData::resource_not_found(message, Some(json!({ "uri": request.uri })))
        })?;
        let result = ReadResourceResult::new(vec![contents]);
        let hints = is_stateless(&context);
        let hinted =
            |result: ReadResourceResult| result.with_ttl_ms(TIME_TO_LIVE_MS).with_cache_scope(CacheScope::Public);
        Ok(if hints { hinted(result) } else { result }.into())
    }

    async fn subscribe(
        &self,
        request: SubscribeRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<(), ErrorData> {
        if self.contents(&request.uri).is_none() {
            let data = json!({ "uri": request.uri });
            return Err(ErrorData::resource_not_found("Resource not found", Some(data)));
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
        let wrong = |message: String| ErrorData::invalid_params(message, None);
        let sheet = self.hub.personality.prompts.iter().find(|sheet| sheet.prompt.name == request.name);
        let sheet = sheet.ok_or_else(|| wrong(format!("Unknown prompt: {}", request.name)))?;
        let mut arguments = request.arguments.unwrap_or_default();
        let all = sheet.prompt.arguments.iter().flatten();
        if let Some(missing) = all.filter(|a| a.required == Some(true)).find(|a| !arguments.contains_key(&a.name)) {
            return Err(wrong(format!("The prompt needs the argument `{}`.", missing.name)));
        }
        if let Some(asking) = &sheet.asks {
            let returned = Returned { responses: request.input_responses, state: request.request_state };
            match asking.ask(&self.hub, &context, &arguments, returned).await? {
                Asked::Answered(answers) => arguments.extend(answers),
                Asked::InputRequired(result) => return Ok(result.into()),
                Asked::Failed(message) => return Err(ErrorData::internal_error(message, None)),
            }
        }
        let messages: Result<Vec<PromptMessage>, _> =
            sheet.messages.iter().map(|message| serde_json::from_value(filled(message, &arguments))).collect();
        let messages = messages.map_err(|error| wrong(error.to_string()))?;
        let mut result = GetPromptResult::new(messages);
        result.description = sheet.prompt.description.clone();
        Ok(result.into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let personality = &self.hub.personality;
        let known = match &request.r#ref {
            Reference::Prompt(of) => {
                personality.prompts.iter().find(|sheet| sheet.prompt.name == of.name).map(|sheet| &sheet.complete)
            }
            Reference::Resource(of) => personality
                .templates
                .iter()
                .find(|sheet| sheet.template.uri_template == of.uri)
                .map(|sheet| &sheet.complete),
            _ => None,
        };
        let known = known.ok_or_else(|| ErrorData::invalid_params("There is no such prompt or template.", None))?;
        let argument = &request.argument;
        let values = known.get(&argument.name).into_iter().flatten().filter(|value| value.starts_with(&argument.value));
        let values = CompletionInfo::with_all_values(values.take(100).cloned().collect());
        Ok(CompleteResult::new(values.map_err(|error| ErrorData::internal_error(error, None))?))
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

impl Server {
    /// What is in a resource.
    fn contents(&self, uri: &str) -> Option<ResourceContents> {
        let personality = &self.hub.personality;
        let nothing = JsonObject::new();
        let of = |mime_type: &Option<String>, contents: ResourceContents| match mime_type {
            Some(mime_type) => contents.with_mime_type(mime_type.clone()),
            None => contents,
        };
        if let Some(sheet) = personality.resources.iter().find(|sheet| sheet.resource.uri == uri) {
            let contents = match (&sheet.text, &sheet.blob) {
                (_, Some(blob)) => ResourceContents::blob(filled_text(blob, &nothing), uri),
                (text, None) => ResourceContents::text(text.clone().unwrap_or_default(), uri),
            };
            return Some(of(&sheet.resource.mime_type, contents));
        }
        personality.templates.iter().find_map(|sheet| {
            let values: serde_json::Map<String, Value> = variables(&sheet.template.uri_template, uri)?;
            Some(of(&sheet.template.mime_type, ResourceContents::text(filled_text(&sheet.text, &values), uri)))
        })
    }
}
