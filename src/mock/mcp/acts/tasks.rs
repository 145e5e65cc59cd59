//! Tools that run as tasks for clients that can follow them (SEP-2663).

use super::super::asking::failure;
use super::{Call, Outcome, said};
use rmcp::ErrorData;
use rmcp::model::{ClientCapabilities, CreateTaskResult, InputRequest, InputRequests, InputRequiredResult};
use rmcp::task_manager::{TaskContext, TaskExit, TaskFuture, TaskOptions};
use serde_json::{Value, json};
use std::time::Duration;

/// How many tasks of a server run at a time.
const MOST_TASKS: usize = 256;
/// How long a task is kept: a minute, in milliseconds.
const KEPT_MS: u64 = 60_000;
/// The longest work, in seconds.
const LONGEST: f64 = 600.0;

/// Works for some seconds, as a task where it can.
pub(super) async fn compute_slowly(call: Call) -> Outcome {
    let seconds = call.arguments.get("seconds").and_then(Value::as_f64).unwrap_or(1.0).clamp(0.0, LONGEST);
    let label = call.arguments.get("label").and_then(Value::as_str).unwrap_or("compute").to_owned();
    let done = said(format!("slow_compute({label}) done after {seconds}s"));
    let work = Duration::from_secs_f64(seconds);
    if !has_tasks(&call) {
        tokio::time::sleep(work).await;
        return Ok(done.into());
    }
    start(&call, |task| {
        Box::pin(async move {
            tokio::select! {
                () = task.cancelled() => Err(TaskExit::Cancelled),
                () = tokio::time::sleep(work) => Ok(done),
            }
        })
    })
}

/// A task whose tool fails.
pub(super) async fn fail_as_tool(call: Call) -> Outcome {
    required(&call)?;
    start(&call, |_| {
        Box::pin(async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            Ok(failure("failing_job: intentional tool execution error"))
        })
    })
}

/// A task whose server fails.
pub(super) async fn fail_as_protocol(call: Call) -> Outcome {
    let error = || ErrorData::internal_error("protocol_error_job: intentional protocol-level failure", None);
    if !has_tasks(&call) {
        return Err(error());
    }
    start(&call, move |_| {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(200)).await;
            Err(TaskExit::Error(error()))
        })
    })
}

/// A task that asks one question.
pub(super) async fn confirm_delete(call: Call) -> Outcome {
    required(&call)?;
    let file = call.arguments.get("filename").and_then(Value::as_str).unwrap_or("file.txt").to_owned();
    start(&call, |task| {
        Box::pin(async move {
            let answer = ask(&task, "confirm", &format!("Delete {file}?"), "confirm", "boolean").await?;
            let is_confirmed = answer.pointer("/content/confirm").and_then(Value::as_bool).unwrap_or(false);
            Ok(said(format!("confirm_delete({file}): confirmed = {is_confirmed}")))
        })
    })
}

/// A task that asks two questions at a time.
pub(super) async fn multi_input(call: Call) -> Outcome {
    required(&call)?;
    start(&call, |task| {
        Box::pin(async move {
            let first = ask(&task, "input-a", "Provide value A", "value", "string");
            let second = ask(&task, "input-b", "Provide value B", "value", "string");
            let (first, second) = tokio::join!(first, second);
            let value =
                |answer: Value| answer.pointer("/content/value").and_then(Value::as_str).unwrap_or("(none)").to_owned();
            Ok(said(format!("multi_input: a = {}, b = {}", value(first?), value(second?))))
        })
    })
}

/// Asks for a name, and greets in a task.
pub(super) async fn greet_later(call: Call) -> Outcome {
    required(&call)?;
    let answer = call.responses.as_ref().and_then(|responses| responses.get("user_name"));
    let Some(answer) = answer.filter(|answer| answer.is_object()) else {
        let question = question("What is your name?", "name", "string")?;
        let asked = InputRequests::from([("user_name".to_owned(), question)]);
        return Ok(InputRequiredResult::from_input_requests(asked).into());
    };
    let name = answer.pointer("/content/name").and_then(Value::as_str).unwrap_or("friend").to_owned();
    start(&call, |_| {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(200)).await;
            Ok(said(format!("Hello, {name}! (async)")))
        })
    })
}

fn start(call: &Call, work: impl FnOnce(TaskContext) -> TaskFuture) -> Outcome {
    if call.hub.tasks.running_task_count() >= MOST_TASKS {
        return Err(ErrorData::internal_error(format!("{MOST_TASKS} tasks run already."), None));
    }
    let options = TaskOptions::new().with_ttl_ms(KEPT_MS).with_poll_interval_ms(500);
    Ok(CreateTaskResult::new(call.hub.tasks.spawn(options, work)).into())
}

fn has_tasks(call: &Call) -> bool {
    call.context.client_capabilities().is_some_and(|capabilities| capabilities.supports_tasks())
}

/// Refuses a client that cannot follow tasks.
fn required(call: &Call) -> Result<(), ErrorData> {
    if has_tasks(call) {
        return Ok(());
    }
    Err(ErrorData::missing_required_client_capability(ClientCapabilities::builder().enable_tasks().build()))
}

async fn ask(task: &TaskContext, key: &str, message: &str, field: &str, kind: &str) -> Result<Value, TaskExit> {
    task.request_input(key, question(message, field, kind)?).await
}

fn question(message: &str, field: &str, kind: &str) -> Result<InputRequest, ErrorData> {
    let schema = json!({ "type": "object", "properties": { field: { "type": kind } }, "required": [field] });
    let params = json!({ "mode": "form", "message": message, "requestedSchema": schema });
    serde_json::from_value(json!({ "method": "elicitation/create", "params": params }))
        .map_err(|error| ErrorData::internal_error(error.to_string(), None))
}
