//! A server as it is served: the sheet, made ready.

use super::offer::Offer;
use super::sheet::{PromptSheet, ResourceSheet, Sheet, TemplateSheet, ToolSheet};
use rmcp::model::{Implementation, ServerCapabilities, ServerConfig, Tool};
use serde_json::json;
use std::collections::HashMap;
use std::time::Duration;

/// How many items a page has where the sheet does not say it.
const PAGE: usize = 50;

/// What one server is and offers.
pub(super) struct Personality {
    pub(super) config: ServerConfig,
    pub(super) page: usize,
    pub(super) strict_host: bool,
    pub(super) retry: Option<Duration>,
    pub(super) tools: Vec<Tool>,
    pub(super) resources: Vec<ResourceSheet>,
    pub(super) templates: Vec<TemplateSheet>,
    pub(super) prompts: Vec<PromptSheet>,
    delay: Duration,
    offers: Vec<Offer>,
    places: HashMap<String, usize>,
}

impl Personality {
    /// The personality that a text in YAML describes.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        serde_yaml::from_str::<Sheet>(text).map(Self::of).map_err(|error| error.to_string())
    }

    /// A personality that is part of this program; one that cannot be read offers nothing.
    pub(super) fn built_in(text: &str) -> Self {
        Self::read(text).unwrap_or_else(|_| Self::of(Sheet::default()))
    }

    fn of(mut sheet: Sheet) -> Self {
        let config = config(&sheet);
        let series = sheet.series.take();
        let numbered = series.into_iter().flat_map(|series| (1..=series.count).map(move |n| number(&series.tool, n)));
        let offers: Vec<Offer> = std::mem::take(&mut sheet.tools).into_iter().chain(numbered).map(Offer::of).collect();
        let places = offers.iter().enumerate().map(|(place, offer)| (offer.tool.name.to_string(), place)).collect();
        Self {
            config,
            page: sheet.page.unwrap_or(PAGE).max(1),
            strict_host: sheet.strict_host,
            retry: sheet.retry_ms.map(Duration::from_millis),
            delay: Duration::from_millis(sheet.delay_ms),
            tools: offers.iter().map(|offer| offer.tool.clone()).collect(),
            resources: sheet.resources,
            templates: sheet.templates,
            prompts: sheet.prompts,
            offers,
            places,
        }
    }

    /// Waits as long as every list and every call takes.
    pub(super) async fn delay(&self) {
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
    }

    /// The tool with this name.
    pub(super) fn offer(&self, name: &str) -> Option<&Offer> {
        self.offers.get(*self.places.get(name)?)
    }
}

fn number(tool: &ToolSheet, n: usize) -> ToolSheet {
    let put = |text: &str| text.replace("{n}", &n.to_string());
    let mut tool = tool.clone();
    tool.name = put(&tool.name);
    tool.description = put(&tool.description);
    if let Some(answer) = &mut tool.answer {
        answer.text = answer.text.as_deref().map(put);
    }
    tool
}

fn config(sheet: &Sheet) -> ServerConfig {
    let mut capabilities = ServerCapabilities::builder().enable_tools().enable_tool_list_changed().build();
    // The other capabilities are written as they are sent: each is an object of flags.
    let flag = |name: &str, flags: serde_json::Value| json!({ name: flags });
    let mut wanted = vec![flag("tools", json!({ "listChanged": true }))];
    if !sheet.resources.is_empty() || !sheet.templates.is_empty() {
        wanted.push(flag("resources", json!({ "subscribe": true, "listChanged": true })));
    }
    if !sheet.prompts.is_empty() {
        wanted.push(flag("prompts", json!({ "listChanged": true })));
    }
    let completes = sheet.prompts.iter().any(|prompt| !prompt.complete.is_empty())
        || sheet.templates.iter().any(|template| !template.complete.is_empty());
    if completes {
        wanted.push(flag("completions", json!({})));
    }
    if sheet.logging {
        wanted.push(flag("logging", json!({})));
    }
    if sheet.tasks {
        wanted.push(flag("extensions", json!({ "io.modelcontextprotocol/tasks": {} })));
    }
    let fields: serde_json::Map<_, _> =
        wanted.into_iter().filter_map(|part| part.as_object().cloned()).flatten().collect();
    if let Ok(read) = serde_json::from_value(fields.into()) {
        capabilities = read;
    }
    let identity = Implementation::new(sheet.name.clone(), env!("CARGO_PKG_VERSION")).with_title(sheet.title.clone());
    ServerConfig::new(capabilities).with_server_info(identity).with_instructions(sheet.instructions.clone())
}
