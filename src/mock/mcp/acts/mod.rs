//! Tools that take more than words: those that compute, and those that take part in the protocol.

mod change;
mod compute;
mod end;
mod log;
mod progress;
mod tasks;
mod time;
mod unsteady;

use super::hub::Hub;
use super::offer::Does;
use futures_util::future::BoxFuture;
use rmcp::model::{CallToolResponse, CallToolResult, ContentBlock, InputResponses, JsonObject, LoggingLevel};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer};
use serde_json::Value;
use std::sync::Arc;

/// A call of a tool.
pub(super) struct Call {
    pub(super) arguments: JsonObject,
    pub(super) responses: Option<InputResponses>,
    pub(super) context: RequestContext<RoleServer>,
    pub(super) hub: Arc<Hub>,
    /// What the session wants to read in its log at least; `None`: everything.
    pub(super) level: Option<LoggingLevel>,
}

/// What becomes of a call.
pub(super) type Outcome = Result<CallToolResponse, ErrorData>;

/// Code that answers a call.
pub(super) type Act = fn(Call) -> BoxFuture<'static, Outcome>;

impl Call {
    /// An argument that is a whole number, and no more than this.
    fn number(&self, name: &str, otherwise: u64, most: u64) -> u64 {
        self.arguments.get(name).and_then(Value::as_u64).unwrap_or(otherwise).min(most)
    }
}

/// The code with this name.
pub(super) fn find(name: &str) -> Option<Does> {
    let compute: fn(&JsonObject) -> CallToolResult = match name {
        "echo" => compute::echo,
        "add" => compute::add,
        "uppercase" => compute::uppercase,
        "reverse" => compute::reverse,
        "repeat" => compute::repeat,
        "count_words" => compute::count_words,
        "large" => compute::large,
        _ => return find_act(name).map(Does::Acts),
    };
    Some(Does::Computes(compute))
}

fn find_act(name: &str) -> Option<Act> {
    Some(match name {
        "log" => |call| Box::pin(log::three_lines(call)),
        "log_if_wanted" => |call| Box::pin(log::if_wanted(call)),
        "progress" => |call| Box::pin(progress::in_three_steps(call)),
        "count" => |call| Box::pin(progress::count(call)),
        "sleep" => |call| Box::pin(time::sleep(call)),
        "reconnect" => |call| Box::pin(end::reconnect(call)),
        "crash" => |call| Box::pin(end::crash(call)),
        "expire" => |call| Box::pin(end::expire(call)),
        "change_tools" => |call| Box::pin(change::tools(call)),
        "change_prompts" => |call| Box::pin(change::prompts(call)),
        "change_resource" => |call| Box::pin(change::resource(call)),
        "unsteady" => |call| Box::pin(unsteady::unsteady(call)),
        "compute_slowly" => |call| Box::pin(tasks::compute_slowly(call)),
        "fail_as_tool" => |call| Box::pin(tasks::fail_as_tool(call)),
        "fail_as_protocol" => |call| Box::pin(tasks::fail_as_protocol(call)),
        "confirm_delete" => |call| Box::pin(tasks::confirm_delete(call)),
        "multi_input" => |call| Box::pin(tasks::multi_input(call)),
        "greet_later" => |call| Box::pin(tasks::greet_later(call)),
        _ => return None,
    })
}

fn said(text: impl Into<String>) -> CallToolResult {
    CallToolResult::success(vec![ContentBlock::text(text)])
}
