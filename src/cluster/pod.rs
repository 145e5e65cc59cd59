//! What a Pod says about its chances.

use super::{Cause, Condition, Outlook, conditions_of};
use serde_json::Value;

/// A container that was started again this often, and ended three times so, will not run. The pauses between grow: it takes some 15 s.
pub const RESTART_LIMIT: u64 = 2;
/// Characters of a message that are shown.
const LONGEST_MESSAGE: usize = 400;

/// Words of a pull that will end the same way next time. Sources: messages of containerd 1.7 and 2, Docker's registry API.
const NOT_FOUND: &[&str] = &["not found", "manifest unknown", "name unknown", "repository does not exist"];
const REFUSED: &[&str] =
    &["denied", "unauthorized", "forbidden", "401 ", "403 ", "authorization failed", "no basic auth credentials"];
const UNUSABLE: &[&str] =
    &["no match for platform", "x509:", "server gave http response", "invalid reference", "exec format error"];
/// Words of one that may go better.
const TRANSIENT: &[&str] = &[
    "timeout",
    "timed out",
    "deadline exceeded",
    "connection refused",
    "connection reset",
    "429",
    "too many requests",
    "unexpected eof",
    "no such host",
    "server misbehaving",
    "500 ",
    "502 ",
    "503 ",
    "504 ",
];

/// What a Pod that is not ready says: `Pod name: reason: message`, and whether that can heal.
pub fn pod_outlook(pod: &Value) -> Outlook {
    let name = pod.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
    let containers = ["/status/initContainerStatuses", "/status/containerStatuses"].into_iter().flat_map(|at| {
        let statuses = pod.pointer(at).and_then(Value::as_array);
        statuses.into_iter().flatten()
    });
    let outlook = containers.filter(|status| status["ready"] != true).map(container_outlook).next();
    let outlook = outlook.unwrap_or_else(|| unscheduled(pod));
    Outlook { seen: format!("Pod {name}: {}", outlook.seen), ..outlook }
}

fn container_outlook(status: &Value) -> Outlook {
    let text = |pointer: &str| status.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let (reason, message) = (text("/state/waiting/reason"), short(text("/state/waiting/message")));
    let container = text("/name").to_owned();
    let seen = if message.is_empty() { reason.to_owned() } else { format!("{reason}: {message}") };
    match reason {
        "ErrImagePull" | "ImagePullBackOff" | "ImageInspectError" | "RegistryUnavailable" => {
            image_outlook(seen, text("/image"), &message)
        }
        "InvalidImageName" | "ErrImageNeverPull" => {
            Outlook::hopeless(seen, Cause::ImageUnusable { image: text("/image").to_owned(), why: message })
        }
        "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => {
            Outlook::doubtful(seen, Cause::Misconfigured { container, why: message })
        }
        "CrashLoopBackOff" => crash_outlook(status, container),
        "" => running_outlook(status),
        _ => Outlook::waiting(seen),
    }
}

fn image_outlook(seen: String, image: &str, message: &str) -> Outlook {
    let (image, why, said) = (image.to_owned(), message.to_owned(), message.to_lowercase());
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if says(TRANSIENT) {
        return Outlook::waiting(seen);
    }
    let cause = if says(UNUSABLE) {
        Cause::ImageUnusable { image, why }
    } else if says(REFUSED) {
        Cause::ImageRefused { image, why }
    } else if says(NOT_FOUND) {
        Cause::ImageNotFound { image, why }
    } else {
        return Outlook::waiting(seen);
    };
    Outlook::hopeless(seen, cause)
}

/// What could not even be started fails alike each time; what ran and ended gets some more tries.
fn crash_outlook(status: &Value, container: String) -> Outlook {
    let restarts = status["restartCount"].as_u64().unwrap_or(0);
    let last = &status["lastState"]["terminated"];
    let (reason, message) = (last["reason"].as_str().unwrap_or_default(), last["message"].as_str().unwrap_or_default());
    let mut how = format!("exit code {}", last["exitCode"].as_i64().unwrap_or_default());
    if !["", "Error"].contains(&reason) {
        how += &format!(", {reason}");
    }
    if !message.is_empty() {
        how += &format!(": {}", short(message));
    }
    let seen = format!("CrashLoopBackOff after {restarts} restarts, {how}");
    let never_started = ["StartError", "ContainerCannotRun"].contains(&reason);
    match never_started || restarts >= RESTART_LIMIT {
        true => Outlook::hopeless(seen, Cause::CrashLoop { container, times: restarts + 1, how }),
        false => Outlook::waiting(seen),
    }
}

fn running_outlook(status: &Value) -> Outlook {
    let ended = &status["state"]["terminated"];
    Outlook::waiting(match ended["exitCode"].as_i64() {
        Some(code) => format!("ended with exit code {code} {}", ended["reason"].as_str().unwrap_or_default()),
        None => "Running, not ready".to_owned(),
    })
}

/// A Pod without containers: what the scheduler says, or its phase.
fn unscheduled(pod: &Value) -> Outlook {
    let scheduled = |condition: &Condition| condition.kind == "PodScheduled" && condition.status == "False";
    let Some(condition) = conditions_of(pod).into_iter().find(scheduled) else {
        let phase = pod.pointer("/status/phase").and_then(Value::as_str).unwrap_or("Pending");
        return Outlook::waiting(phase);
    };
    let why = short(&condition.message);
    let seen = format!("{}: {why}", condition.reason);
    // Nodes become ready, and are uncordoned; they do not grow and get no labels.
    let passes = ["not-ready", "unreachable", "network-unavailable", "node.kubernetes.io/unschedulable", "no nodes"];
    match condition.reason == "Unschedulable" && !passes.iter().any(|word| why.contains(word)) {
        true => Outlook::doubtful(seen, Cause::Unschedulable { why }),
        false => Outlook::waiting(seen),
    }
}

/// A message on one line, shortened.
pub(super) fn short(message: &str) -> String {
    let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_MESSAGE) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::{Cause, Outlook, pod_outlook};
    use crate::cluster::Surety;
    use serde_json::{Value, json};

    fn with(status: &Value) -> Outlook {
        pod_outlook(&json!({"metadata": {"name": "p"}, "status": {"containerStatuses": [status]}}))
    }

    fn pulling(message: &str) -> Outlook {
        with(&json!({"name": "c", "image": "cr.agentgateway.dev/controller:v1.4.9", "ready": false,
                     "state": {"waiting": {"reason": "ErrImagePull", "message": message}}}))
    }

    #[test]
    fn an_image_that_is_not_there_is_told_from_a_registry_that_is_slow() {
        let gone = pulling("rpc error: code = NotFound desc = failed to pull and unpack image: not found");
        assert!(matches!(gone.stuck, Some((Cause::ImageNotFound { .. }, Surety::Sure))), "{gone:?}");
        assert!(gone.seen.starts_with("Pod p: ErrImagePull: rpc error"), "{}", gone.seen);
        let private = pulling("pull access denied, repository does not exist or may require authorization");
        assert!(matches!(private.stuck, Some((Cause::ImageRefused { .. }, Surety::Sure))), "{private:?}");
        let platform = pulling("no match for platform in manifest: not found");
        assert!(matches!(platform.stuck, Some((Cause::ImageUnusable { .. }, Surety::Sure))), "{platform:?}");
        for message in ["dial tcp 10.0.0.1:443: i/o timeout", "429 Too Many Requests", "unexpected EOF", "who knows"] {
            assert_eq!(pulling(message).stuck, None, "{message}");
        }
    }

    #[test]
    fn a_crash_loop_ends_the_wait_at_its_limit_or_where_nothing_could_be_started() {
        let crashed = |restarts: u64, reason: &str| {
            with(&json!({"name": "c", "ready": false, "restartCount": restarts,
                         "state": {"waiting": {"reason": "CrashLoopBackOff"}},
                         "lastState": {"terminated": {"exitCode": 2, "reason": reason}}}))
        };
        assert_eq!(crashed(1, "Error").stuck, None);
        assert!(matches!(crashed(2, "Error").stuck, Some((Cause::CrashLoop { times: 3, .. }, Surety::Sure))));
        assert!(crashed(1, "StartError").stuck.is_some());
        assert_eq!(crashed(2, "OOMKilled").seen, "Pod p: CrashLoopBackOff after 2 restarts, exit code 2, OOMKilled");
    }

    #[test]
    fn a_node_that_is_not_ready_yet_passes_and_one_that_is_too_small_does_not() {
        let unscheduled = |message: &str| {
            let condition =
                json!({"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message});
            pod_outlook(&json!({"metadata": {"name": "p"}, "status": {"phase": "Pending", "conditions": [condition]}}))
        };
        let young = "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }.";
        assert_eq!(unscheduled(young).stuck, None);
        let small = unscheduled("0/1 nodes are available: 1 Insufficient memory.");
        assert!(matches!(small.stuck, Some((Cause::Unschedulable { .. }, Surety::IfItStays))), "{small:?}");
    }
}
