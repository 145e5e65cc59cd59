//! What an API server has written down about who called what.

use serde_json::Value;

/// Mutating calls in an audit log, dry runs included, as `verb resource name`.
pub fn writes(log: &str, user: &str) -> Vec<String> {
    let calls = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let of_user = calls.filter(|call| call["user"]["username"] == user);
    let mutating = of_user.filter(|call| !matches!(call["verb"].as_str(), Some("get" | "list" | "watch")));
    let line = |call: Value| {
        let text = |pointer: &str| call.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        format!(
            "{} {} {}/{}",
            text("/verb"),
            text("/objectRef/resource"),
            text("/objectRef/namespace"),
            text("/objectRef/name")
        )
    };
    mutating.map(line).collect()
}

#[test]
fn a_dry_run_is_a_write_and_a_watch_is_none() {
    let call = |verb: &str| {
        format!(
            "{{\"verb\": \"{verb}\", \"user\": {{\"username\": \"u\"}}, \"objectRef\": {{\"resource\": \"pods\", \"name\": \"p\"}}}}\n"
        )
    };
    let log = call("watch") + &call("patch") + "torn line";
    assert_eq!(writes(&log, "u"), ["patch pods /p"]);
    assert!(writes(&log, "another").is_empty());
}
