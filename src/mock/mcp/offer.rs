//! A tool that is ready to be called.

use super::acts::{self, Act};
use super::fill::{filled, is_fixed};
use super::sheet::{Answer, Asking, ToolSheet};
use jsonschema::Validator;
use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, JsonObject, Tool};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

/// A tool and what it does.
pub(super) struct Offer {
    pub(super) tool: Tool,
    pub(super) asks: Option<Asking>,
    pub(super) needs: Option<String>,
    pub(super) does: Does,
    /// Made when the tool is called for the first time; `None` inside when its schema is none.
    judge: OnceLock<Option<Validator>>,
}

/// What a tool does.
pub(super) enum Does {
    /// It says the same at all times.
    Says(CallToolResult),
    /// It says something about its arguments.
    Fills(Answer),
    /// It computes something.
    Computes(fn(&JsonObject) -> CallToolResult),
    /// It takes part in the protocol.
    Acts(Act),
}

impl Offer {
    /// The tool of a sheet.
    pub(super) fn of(sheet: ToolSheet) -> Self {
        let object = |value: Value| Arc::new(value.as_object().cloned().unwrap_or_default());
        let mut tool = Tool::new(Cow::Owned(sheet.name), Cow::Owned(sheet.description), object(sheet.input));
        tool.title = sheet.title;
        tool.annotations = sheet.annotations;
        tool.output_schema = sheet.output.map(object);
        let answer = sheet.answer.unwrap_or_default();
        let does = match sheet.act.as_deref() {
            Some(act) => acts::find(act).unwrap_or_else(|| Does::Fills(answer)),
            None => said_always(&answer).map_or(Does::Fills(answer), Does::Says),
        };
        Self { tool, asks: sheet.asks, needs: sheet.needs, does, judge: OnceLock::new() }
    }

    /// What is wrong with the arguments, in a sentence; they are the same afterwards.
    pub(super) fn fault(&self, arguments: &mut JsonObject) -> Option<String> {
        let judge = self.judge.get_or_init(|| {
            let schema = Value::Object(JsonObject::clone(&self.tool.input_schema));
            jsonschema::validator_for(&schema).ok()
        });
        let judge = judge.as_ref()?;
        let value = Value::Object(std::mem::take(arguments));
        let fault = judge.validate(&value).err().map(|fault| {
            let place = fault.instance_path().to_string();
            let place = if place.is_empty() { String::new() } else { format!(" at {place}") };
            format!("Invalid arguments for tool {}: {fault}{place}", self.tool.name)
        });
        if let Value::Object(same) = value {
            *arguments = same;
        }
        fault
    }
}

fn said_always(answer: &Answer) -> Option<CallToolResult> {
    let is_fixed = is_fixed(&json!([answer.text, answer.content, answer.structured]));
    is_fixed.then(|| answer.result(&JsonObject::new()).ok()).flatten()
}

impl Answer {
    /// The result of a call with these values.
    ///
    /// # Errors
    /// The content is none that MCP knows.
    pub(super) fn result(&self, values: &JsonObject) -> Result<CallToolResult, ErrorData> {
        let wrong = |error: serde_json::Error| ErrorData::internal_error(error.to_string(), None);
        let text = self.text.iter().map(|text| json!({ "type": "text", "text": text }));
        let content: Result<Vec<ContentBlock>, _> = text
            .chain(self.content.iter().cloned())
            .map(|part| serde_json::from_value(filled(&part, values)))
            .collect();
        let mut result = CallToolResult::success(content.map_err(wrong)?);
        result.structured_content = self.structured.as_ref().map(|value| filled(value, values));
        result.is_error = Some(self.fails);
        Ok(result)
    }
}
