//! A line of the access log. Source: facts/proxy.md 6, and facts/manifests.md 8 for the order.

use super::{Facts, LlmFacts, McpFacts, Reason};
use std::{
    fmt::{Display, Write},
    time::Duration,
};

/// The line of a request that has ended, line break included.
pub fn of(facts: &Facts, took: Duration) -> String {
    let mut line = Line(format!("{:.6}\tinfo\trequest", jiff::Timestamp::now()));
    let listener = facts.listener.as_deref();
    line.put("gateway", listener.map(|listener| &listener.key.gateway));
    line.put("listener", listener.map(|listener| &listener.key.listener));
    line.put("route_rule", facts.route.as_ref().and_then(|(_, rule)| rule.name.as_ref()));
    line.put("route", facts.route.as_ref().map(|(route, _)| &route.name));
    line.put("endpoint", facts.endpoint.as_ref());
    line.put("src.addr", facts.peer);
    line.put("http.method", Some(&facts.method));
    line.put("http.host", facts.host.as_ref());
    line.put("http.path", Some(&facts.path));
    line.put("http.version", Some(format_args!("{:?}", facts.version)));
    line.put("http.status", facts.status);
    line.put("jwt.sub", facts.jwt_sub.as_ref());
    line.put("protocol", facts.protocol.map(super::Protocol::name));
    line.put_mcp(&facts.mcp);
    if let Some(llm) = &facts.llm {
        line.put_llm(llm);
    }
    line.put("retry.attempt", (facts.retries > 0).then_some(facts.retries));
    line.put("error", facts.error.as_deref().map(quoted));
    line.put("reason", facts.reason.filter(|reason| *reason != Reason::Upstream).map(Reason::name));
    line.put("duration", Some(format_args!("{}ms", took.as_millis())));
    line.0.push('\n');
    line.0
}

/// As a JSON string: line breaks of a client do not make lines.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

struct Line(String);

impl Line {
    fn put(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            let from = self.0.len();
            // Writing into a String does not fail.
            let _ = write!(self.0, " {name}={value}");
            // A name from outside must not look like the next line.
            if self.0[from..].contains(['\n', '\r']) {
                let tame = self.0.split_off(from).replace(['\n', '\r'], " ");
                self.0.push_str(&tame);
            }
        }
    }

    fn put_mcp(&mut self, mcp: &McpFacts) {
        self.put("mcp.method.name", mcp.method.as_ref());
        self.put("mcp.target", mcp.target.as_ref());
        self.put("mcp.resource.type", mcp.resource_type);
        let named = |kind: &str| mcp.resource.as_ref().filter(|_| mcp.resource_type == Some(kind));
        self.put("mcp.resource.uri", named("resource"));
        self.put("gen_ai.tool.name", named("tool"));
        self.put("gen_ai.prompt.name", named("prompt"));
        self.put("mcp.session.id", mcp.session.as_ref());
        self.put("mcp.error.code", mcp.error.as_ref().map(|(code, _)| code));
        self.put("mcp.error.message", mcp.error.as_ref().map(|(_, message)| quoted(message)));
    }

    fn put_llm(&mut self, llm: &LlmFacts) {
        self.put("gen_ai.operation.name", Some(llm.operation));
        self.put("gen_ai.provider.name", Some(llm.provider));
        self.put("gen_ai.request.model", llm.request_model.as_ref());
        self.put("gen_ai.response.model", llm.response_model.as_ref());
        self.put("gen_ai.usage.input_tokens", llm.usage.input);
        self.put("gen_ai.usage.output_tokens", llm.usage.output);
        for (name, value) in &llm.parameters {
            self.put(name, Some(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_measured_form_and_stays_one_line() {
        let facts = Facts {
            host: Some("x.test".to_owned()),
            path: "/a?b=1".to_owned(),
            version: http::Version::HTTP_11,
            status: Some(404),
            error: Some("route \"not\"\nfound".to_owned()),
            reason: Some(Reason::NotFound),
            ..Facts::default()
        };
        let line = of(&facts, Duration::from_millis(5));
        let (time, rest) = line.split_once('\t').unwrap();
        assert!(time.ends_with('Z') && time.len() == "2026-11-21T00:00:00.000000Z".len(), "{time}");
        let expected = "info\trequest http.method=GET http.host=x.test http.path=/a?b=1 http.version=HTTP/1.1 \
            http.status=404 error=\"route \\\"not\\\"\\nfound\" reason=NotFound duration=5ms\n";
        assert_eq!(rest, expected);
    }
}
