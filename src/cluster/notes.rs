//! What the cluster has to say about an object that is not well: Events, and the last lines of a log.

use super::{Cluster, ObjectKey, pod::short};
use k8s_openapi::api::core::v1::Pod;
use kube::{Api, api::LogParams};
use serde_json::Value;
use std::fmt;
use std::time::Duration;

/// Events that are kept, warnings first.
const MOST_EVENTS: usize = 5;
/// Lines of a log that are shown.
const LAST_LINES: i64 = 10;
/// Lines that are read for those who know what to look for.
const READ_LINES: i64 = 200;
/// Bytes of a log that are read at most.
const MOST_BYTES: i64 = 256 << 10;
/// Time for a look: a failure is told with or without it.
const PATIENCE: Duration = Duration::from_secs(5);

/// Events and the last lines of a log, ready to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// `Warning Failed Pod/name: message (3 times)`.
    pub events: Vec<String>,
    /// The last lines of the container that fails.
    pub log: Vec<String>,
}

impl fmt::Display for Notes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.events.iter().try_for_each(|event| write!(formatter, "\n  event       {event}"))?;
        self.log.iter().try_for_each(|line| write!(formatter, "\n  log         {line}"))
    }
}

impl Cluster {
    /// The Events of a namespace that speak of an object or of what it made. Empty where there are none or nobody answers.
    pub(super) async fn events_about(&self, key: &ObjectKey) -> Vec<String> {
        let Some(namespace) = &key.namespace else { return Vec::new() };
        let listing = self.select("v1", "Event", namespace, "");
        let Ok(Ok(mut events)) = tokio::time::timeout(PATIENCE, listing).await else { return Vec::new() };
        events.retain(|event| speaks_of(event, &key.name));
        events.sort_by(|left, right| rank(right).cmp(&rank(left)));
        events.iter().take(MOST_EVENTS).map(shown).collect()
    }

    /// The last lines of a container: of its last life, if it was started again.
    pub(super) async fn log_of(&self, pod: &Value) -> String {
        let text = |pointer: &str| pod.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let Some(status) = pod.pointer("/status/containerStatuses/0") else { return String::new() };
        let pods: Api<Pod> = Api::namespaced(self.client(), text("/metadata/namespace"));
        let parameters = LogParams {
            container: status["name"].as_str().map(str::to_owned),
            previous: status["restartCount"].as_u64().unwrap_or(0) > 0 && status["state"]["running"].is_null(),
            tail_lines: Some(READ_LINES),
            limit_bytes: Some(MOST_BYTES),
            ..LogParams::default()
        };
        let log = tokio::time::timeout(PATIENCE, pods.logs(text("/metadata/name"), &parameters)).await;
        log.ok().and_then(Result::ok).unwrap_or_default()
    }
}

/// The last lines of a log, shortened.
pub(super) fn last_lines(log: &str) -> Vec<String> {
    let lines: Vec<&str> = log.lines().filter(|line| !line.trim().is_empty()).collect();
    let from = lines.len().saturating_sub(usize::try_from(LAST_LINES).unwrap_or(0));
    lines[from..].iter().map(|line| short(line)).collect()
}

/// Of the object itself, or of a ReplicaSet or Pod that is called after it.
fn speaks_of(event: &Value, name: &str) -> bool {
    let about = event.pointer("/involvedObject/name").and_then(Value::as_str).unwrap_or_default();
    about == name || about.strip_prefix(name).is_some_and(|rest| rest.starts_with('-'))
}

/// Warnings first, then the newest.
fn rank(event: &Value) -> (bool, &str) {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let at = text("/lastTimestamp").or_else(|| text("/eventTime")).or_else(|| text("/metadata/creationTimestamp"));
    (event["type"] == "Warning", at.unwrap_or_default())
}

fn shown(event: &Value) -> String {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let times = event.pointer("/series/count").or_else(|| event.get("count")).and_then(Value::as_u64).unwrap_or(1);
    let times = if times > 1 { format!(" ({times} times)") } else { String::new() };
    let about = format!("{}/{}", text("/involvedObject/kind"), text("/involvedObject/name"));
    format!("{} {} {about}: {}{times}", text("/type"), text("/reason"), short(text("/message")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn events_of_others_with_a_longer_name_are_not_taken_for_ours() {
        let event = |name: &str| json!({"involvedObject": {"name": name}});
        assert!(speaks_of(&event("agentgateway"), "agentgateway"));
        assert!(speaks_of(&event("agentgateway-7d9-x"), "agentgateway"));
        assert!(!speaks_of(&event("agentgateways"), "agentgateway"));
    }
}
