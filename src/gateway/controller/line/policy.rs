//! TrafficPolicies of kgateway 2.1 as policies of `agentgateway.dev`. Source: facts/lifecycle.md B.7.

use crate::gateway::controller::reconcile::parse_duration;
use serde_json::{Map, Value, json};

/// Translates a spec whose references are renamed already.
pub(super) fn translate(spec: &Value) -> Value {
    let mut own = Map::new();
    let mut traffic = Map::new();
    for (field, value) in spec.as_object().into_iter().flatten() {
        match field.as_str() {
            "targetRefs" | "targetSelectors" => drop(own.insert(field.clone(), value.clone())),
            "rateLimit" => drop(traffic.insert(field.clone(), rate_limit(value))),
            "autoHostRewrite" => drop(traffic.insert("hostRewrite".to_owned(), json!({"mode": "Auto"}))),
            // The rest has kept its name, or has no counterpart and is reported under the old one.
            _ => drop(traffic.insert(field.clone(), value.clone())),
        }
    }
    own.insert("traffic".to_owned(), Value::Object(traffic));
    Value::Object(own)
}

/// A token bucket as requests in a unit of time and a burst; one that cannot be said so is left as it is.
fn rate_limit(limit: &Value) -> Value {
    let mut own = limit.as_object().cloned().unwrap_or_default();
    if let Some(local) = own.remove("local") {
        match entry(&local["tokenBucket"]) {
            Some(entry) => own.insert("local".to_owned(), json!([entry])),
            None => own.insert("local.tokenBucket".to_owned(), local["tokenBucket"].clone()),
        };
    }
    Value::Object(own)
}

fn entry(bucket: &Value) -> Option<Value> {
    let unit = match parse_duration(bucket["fillInterval"].as_str()?)?.as_millis() {
        1000 => "Seconds",
        60_000 => "Minutes",
        3_600_000 => "Hours",
        _ => return None,
    };
    let most = bucket["maxTokens"].as_u64()?;
    let requests = bucket["tokensPerFill"].as_u64().unwrap_or(1).min(most);
    Some(json!({"requests": requests, "burst": most - requests, "unit": unit}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_bucket_becomes_a_rate_and_a_burst() {
        let bucket = |bucket: Value| translate(&json!({"rateLimit": {"local": {"tokenBucket": bucket}}}));
        let known = bucket(json!({"maxTokens": 3, "tokensPerFill": 2, "fillInterval": "1m"}));
        let expected = json!({"local": [{"requests": 2, "burst": 1, "unit": "Minutes"}]});
        assert_eq!(known["traffic"]["rateLimit"], expected);
        let odd = bucket(json!({"maxTokens": 3, "fillInterval": "7s"}));
        assert!(odd["traffic"]["rateLimit"].get("local").is_none(), "{odd}");
        assert!(odd["traffic"]["rateLimit"].get("local.tokenBucket").is_some(), "{odd}");
    }

    #[test]
    fn what_has_no_counterpart_is_not_lost() {
        let old = json!({"targetRefs": [{"kind": "HTTPRoute"}], "timeouts": {"request": "1s"}, "rbac": {}});
        let expected =
            json!({"targetRefs": [{"kind": "HTTPRoute"}], "traffic": {"timeouts": {"request": "1s"}, "rbac": {}}});
        assert_eq!(translate(&old), expected);
    }
}
