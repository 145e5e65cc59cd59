//! The families of metrics that the real proxy has, as far as something is known of them here.

use super::{
    Facts, LlmFacts,
    family::{Counter, Histogram, Labels},
};
use std::time::Duration;

/// Bounds of the families. Source: `telemetry/metrics.rs` of agentgateway 1.4.1.
const TOKENS: [f64; 14] =
    [1., 4., 16., 64., 256., 1024., 4096., 16384., 65536., 262_144., 1_048_576., 4_194_304., 16_777_216., 67_108_864.];
const MODEL_SECONDS: [f64; 14] =
    [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const REQUEST_SECONDS: [f64; 14] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 80.0];
const SECONDS_PER_TOKEN: [f64; 14] = [0.001, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5];
const FIRST_TOKEN_SECONDS: [f64; 16] =
    [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// All families.
#[derive(Debug)]
pub struct Metrics {
    requests: Counter,
    request_duration: Histogram,
    response_bytes: Counter,
    retries: Counter,
    guardrail_checks: Counter,
    mcp_requests: Counter,
    token_usage: Histogram,
    model_duration: Histogram,
    time_per_token: Histogram,
    first_token: Histogram,
}

impl Default for Metrics {
    fn default() -> Self {
        Self {
            requests: Counter::new("requests", "The total number of HTTP requests sent"),
            request_duration: Histogram::new(
                "request_duration_seconds",
                "Duration of HTTP requests (seconds)",
                &REQUEST_SECONDS,
            ),
            response_bytes: Counter::new("response_bytes", "Total HTTP response bytes received"),
            retries: Counter::new("retries", "The total number of request retries"),
            guardrail_checks: Counter::new("guardrail_checks", "Total number of guardrail checks"),
            mcp_requests: Counter::new("mcp_requests", "Total number of MCP tool calls"),
            token_usage: Histogram::new("gen_ai_client_token_usage", "Number of tokens used per request", &TOKENS),
            model_duration: Histogram::new(
                "gen_ai_server_request_duration",
                "Duration of generative AI request",
                &MODEL_SECONDS,
            ),
            time_per_token: Histogram::new(
                "gen_ai_server_time_per_output_token",
                "Time to generate each output token for a given request",
                &SECONDS_PER_TOKEN,
            ),
            first_token: Histogram::new(
                "gen_ai_server_time_to_first_token",
                "Time to generate the first token for a given request",
                &FIRST_TOKEN_SECONDS,
            ),
        }
    }
}

impl Metrics {
    /// All series as OpenMetrics text.
    pub fn render(&self) -> String {
        let mut out = String::new();
        for counter in [&self.requests, &self.response_bytes, &self.retries, &self.guardrail_checks, &self.mcp_requests]
        {
            counter.render(&mut out);
        }
        for histogram in
            [&self.request_duration, &self.token_usage, &self.model_duration, &self.time_per_token, &self.first_token]
        {
            histogram.render(&mut out);
        }
        out.push_str("# EOF\n");
        out
    }

    /// Counts a request that has ended.
    pub fn observe(&self, facts: &Facts, took: Duration) {
        let route = route(facts);
        let status = facts.status.map(|status| status.to_string());
        let http = Labels::default()
            .with("backend", facts.backend.as_deref())
            .with("protocol", facts.protocol.map(super::Protocol::name))
            .with("method", Some(facts.method.as_str()))
            .with("status", status.as_deref())
            .with("reason", facts.reason.map(super::Reason::name))
            .and(&route);
        self.requests.add(http.text(), 1);
        self.request_duration.observe(http.text(), took.as_secs_f64());
        if facts.bytes > 0 {
            self.response_bytes.add(http.text(), facts.bytes);
        }
        if facts.retries > 0 {
            self.retries.add(http.text(), u64::from(facts.retries));
        }
        if let Some(llm) = &facts.llm {
            self.observe_model(llm, &route, took);
        }
        let mcp = &facts.mcp;
        if let Some(method) = &mcp.method {
            let labels = Labels::default()
                .with("method", Some(method))
                .with("resource_type", mcp.resource_type)
                .with("server", mcp.target.as_deref())
                .with("resource", mcp.resource.as_deref())
                .and(&route);
            self.mcp_requests.add(labels.text(), 1);
        }
    }

    fn observe_model(&self, llm: &LlmFacts, route: &Labels, took: Duration) {
        // The real proxy writes `chat` whatever the operation is.
        let labels = Labels::default()
            .with("gen_ai_operation_name", Some("chat"))
            .with("gen_ai_system", Some(llm.provider))
            .with("gen_ai_request_model", llm.request_model.as_deref())
            .with("gen_ai_response_model", llm.response_model.as_deref())
            .and(route);
        for (kind, tokens) in [("input", llm.usage.input), ("output", llm.usage.output)] {
            if let Some(tokens) = tokens {
                let labels = Labels::default().with("gen_ai_token_type", Some(kind)).and(&labels);
                self.token_usage.observe(labels.text(), as_float(tokens));
            }
        }
        self.model_duration.observe(labels.text(), took.as_secs_f64());
        let Some(first) = llm.first_token else { return };
        self.first_token.observe(labels.text(), first.as_secs_f64());
        if let Some(tokens) = llm.usage.output.filter(|tokens| *tokens > 0) {
            let each = took.saturating_sub(first).as_secs_f64() / as_float(tokens);
            self.time_per_token.observe(labels.text(), each);
        }
    }

    /// Counts a check of a prompt guard.
    pub fn guardrail_check(&self, phase: &str, action: &str) {
        let labels = Labels::default().with("phase", Some(phase)).with("action", Some(action));
        self.guardrail_checks.add(labels.text(), 1);
    }
}

/// Tokens as a metric has them; more than 2^32 are as good as 2^32.
fn as_float(tokens: u64) -> f64 {
    f64::from(u32::try_from(tokens).unwrap_or(u32::MAX))
}

fn route(facts: &Facts) -> Labels {
    let listener = facts.listener.as_deref();
    let gateway = listener.map(|listener| listener.key.gateway.to_string());
    let bind = listener.map(|listener| format!("{}/{}", listener.port, listener.key.gateway));
    let route = facts.route.as_ref().map(|(route, _)| route.name.to_string());
    let rule = facts.route.as_ref().and_then(|(_, rule)| rule.name.as_deref());
    Labels::default()
        .with("bind", bind.as_deref())
        .with("gateway", gateway.as_deref())
        .with("listener", listener.map(|listener| listener.key.listener.as_str()))
        .with("route", route.as_deref())
        .with("route_rule", rule)
}
