//! Prompt guards.

use super::reader::Reader;
use crate::gateway::table::{
    Builtin, Guard, GuardKind, GuardRule, GuardWebhook, HeaderMatch, Pattern, PromptGuard, Rejection,
};
use serde_json::Value;

impl Reader<'_> {
    pub(super) fn prompt_guard(&mut self, spec: &Value) {
        self.only("backend.ai.promptGuard", spec, &["request", "response", "streaming"]);
        let request = self.guards(&spec["request"]);
        let response = self.guards(&spec["response"]);
        let streaming = spec["streaming"] == "Enabled";
        self.policies.prompt_guard = Some(PromptGuard { request, response, streaming });
    }

    fn guards(&mut self, list: &Value) -> Vec<Guard> {
        let mut guards = Vec::new();
        for guard in list.as_array().into_iter().flatten() {
            self.only("backend.ai.promptGuard", guard, &["regex", "webhook", "response"]);
            let kind = match (guard.get("regex"), guard.get("webhook")) {
                (Some(regex), _) => Some(patterns(regex)),
                (None, Some(webhook)) => Some(GuardKind::Webhook(self.webhook(webhook))),
                (None, None) => None,
            };
            guards.extend(kind.map(|kind| Guard { kind, rejection: rejection(&guard["response"]) }));
        }
        guards
    }

    fn webhook(&mut self, spec: &Value) -> GuardWebhook {
        self.only("backend.ai.promptGuard.webhook", spec, &["backendRef", "failureMode", "forwardHeaderMatches"]);
        let forwarded = spec["forwardHeaderMatches"].as_array().into_iter().flatten().map(|wanted| {
            let text = |field: &str| wanted[field].as_str().unwrap_or_default().to_owned();
            let name = text("name").to_ascii_lowercase();
            match wanted["type"] == "RegularExpression" {
                true => HeaderMatch::Regex(name, text("value")),
                false => HeaderMatch::Exact(name, text("value")),
            }
        });
        let forwarded = forwarded.collect();
        let service = self.callee(&spec["backendRef"], "webhook");
        GuardWebhook { service, forwarded, fail_open: spec["failureMode"] == "FailOpen" }
    }
}

/// A pattern that is none is skipped without a word in the status, as in the real controller (facts/controller.md 8).
fn patterns(spec: &Value) -> GuardKind {
    let builtins = texts(&spec["builtins"]).filter_map(builtin).map(GuardRule::Builtin);
    let custom = texts(&spec["matches"]).filter_map(Pattern::new).map(GuardRule::Custom);
    GuardKind::Regex { rejects: spec["action"] == "Reject", rules: builtins.chain(custom).collect() }
}

fn builtin(name: &str) -> Option<Builtin> {
    match name {
        "Ssn" => Some(Builtin::Ssn),
        "CreditCard" => Some(Builtin::CreditCard),
        "PhoneNumber" => Some(Builtin::PhoneNumber),
        "Email" => Some(Builtin::Email),
        "CaSin" => Some(Builtin::CaSin),
        _ => None,
    }
}

fn rejection(spec: &Value) -> Rejection {
    let usual = Rejection::default();
    Rejection {
        status: spec["statusCode"].as_u64().and_then(|status| status.try_into().ok()).unwrap_or(usual.status),
        message: spec["message"].as_str().map_or(usual.message, str::to_owned),
    }
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}
