//! How much gets through, and how often it is tried.

use super::reader::Reader;
use crate::gateway::{
    controller::{reconcile::duration, resource::RateLimitEntry},
    table::{Counted, Eviction, GlobalRateLimit, Health, LimitDescriptor, LocalRateLimit, Retry},
};
use serde_json::Value;
use std::time::Duration;

impl Reader<'_> {
    /// Only the first local entry counts up to 1.4.1. Source: facts/lifecycle.md C.3.
    pub(super) fn rate_limit(&mut self, value: &Value, identity: &str) {
        self.only("traffic.rateLimit", value, &["local", "global"]);
        let entries = value["local"].as_array().cloned().unwrap_or_default();
        let counted = if self.counts_all_limits { entries.len() } else { 1 };
        let mut limits = Vec::new();
        for (index, entry) in entries.iter().take(counted).enumerate() {
            let Some(entry) = self.read::<RateLimitEntry>("traffic.rateLimit.local", entry) else { continue };
            limits.extend(local(&entry, format!("{identity}/local/{index}")));
        }
        if !limits.is_empty() {
            self.policies.rate_limits = Some(limits);
        }
        if value.get("global").is_some() {
            self.global_limit(&value["global"]);
        }
    }

    fn global_limit(&mut self, spec: &Value) {
        let service = self.callee(&spec["backendRef"], "global rate limit");
        let wanted = spec["descriptors"].as_array().cloned().unwrap_or_default();
        let mut descriptors = Vec::new();
        for descriptor in &wanted {
            self.only("traffic.rateLimit.global.descriptors", descriptor, &["entries", "unit"]);
            let mut entries = Vec::new();
            for entry in descriptor["entries"].as_array().into_iter().flatten() {
                let name = entry["name"].as_str().unwrap_or_default();
                let what = format!("rate limit descriptor entry \"{name}\"");
                let expression = self.cel(entry["expression"].as_str().unwrap_or_default(), &what);
                entries.extend(expression.map(|expression| (name.to_owned(), expression)));
            }
            let counts = if descriptor["unit"] == "Tokens" { Counted::Tokens } else { Counted::Requests };
            descriptors.push(LimitDescriptor { entries, counts });
        }
        self.policies.global_limit = Some(GlobalRateLimit {
            domain: spec["domain"].as_str().unwrap_or_default().to_owned(),
            service,
            descriptors,
            fail_open: spec["failureMode"] == "FailOpen",
        });
    }

    pub(super) fn buffer(&mut self, spec: &Value) {
        for (field, side) in spec.as_object().into_iter().flatten() {
            if field != "request" || side["failureMode"] == "FailOpen" {
                self.lacks(format!("traffic.buffer.{field}"));
                continue;
            }
            self.policies.largest_request = bytes(&side["maxBytes"]).or(Some(LARGEST_BODY));
        }
    }

    pub(super) fn retry(&mut self, spec: &Value) {
        self.only("traffic.retry", spec, &["attempts", "backoff", "codes"]);
        let codes = spec["codes"].as_array().into_iter().flatten();
        self.policies.retry = Some(Retry {
            attempts: spec["attempts"].as_u64().and_then(|attempts| attempts.try_into().ok()).unwrap_or(1),
            backoff: duration::limit(spec["backoff"].as_str()),
            codes: codes.filter_map(|code| code.as_u64()?.try_into().ok()).collect(),
        });
    }

    pub(super) fn health(&mut self, spec: &Value) {
        let unhealthy = spec["unhealthyCondition"].as_str();
        let unhealthy = unhealthy.and_then(|text| self.cel(text, "backend health unhealthyCondition"));
        let eviction = spec.get("eviction").map(|eviction| {
            self.only("backend.health.eviction", eviction, &["duration", "consecutiveFailures"]);
            Eviction {
                duration: duration::limit(eviction["duration"].as_str()),
                consecutive_failures: eviction["consecutiveFailures"].as_u64().and_then(|count| count.try_into().ok()),
            }
        });
        self.policies.health = Some(Health { unhealthy, eviction });
    }
}

/// Source: facts/proxy.md 4, `maxBufferSize`.
const LARGEST_BODY: usize = 2 * 1024 * 1024;

fn local(entry: &RateLimitEntry, key: String) -> Option<LocalRateLimit> {
    let (counts, fill) = match (entry.requests, entry.tokens) {
        (Some(requests), _) => (Counted::Requests, requests),
        (None, tokens) => (Counted::Tokens, tokens?),
    };
    let interval = Duration::from_secs(match entry.unit.as_str() {
        "Seconds" => 1,
        "Minutes" => 60,
        _ => 3600,
    });
    Some(LocalRateLimit { key, counts, limit: fill.saturating_add(entry.burst.unwrap_or(0)), fill, interval })
}

/// A number of bytes as Kubernetes writes quantities: `2000`, `1Ki`, `5M`.
pub(super) fn bytes(value: &Value) -> Option<usize> {
    const UNITS: [(&str, u64); 6] =
        [("Ki", 1 << 10), ("Mi", 1 << 20), ("Gi", 1 << 30), ("k", 1_000), ("M", 1_000_000), ("G", 1_000_000_000)];
    let amount = match value {
        Value::Number(number) => number.as_u64()?,
        Value::String(text) => {
            let unit = UNITS.iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?, *size)));
            let (number, size) = unit.unwrap_or((text, 1));
            number.parse::<u64>().ok()?.checked_mul(size)?
        }
        _ => return None,
    };
    usize::try_from(amount).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn quantities_are_bytes() {
        for (value, wanted) in [
            (json!(2000), Some(2000)),
            (json!("1Ki"), Some(1024)),
            (json!("2Mi"), Some(2 << 20)),
            (json!("5k"), Some(5000)),
            (json!("7"), Some(7)),
            (json!("x"), None),
            (json!(null), None),
        ] {
            assert_eq!(bytes(&value), wanted, "{value}");
        }
    }
}
