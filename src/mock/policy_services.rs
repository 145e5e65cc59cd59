//! The services that a gateway's policies call, and the sink for its telemetry.

use super::catalog::Mock;
use super::otlp::Sink;
use super::{ext_authz, ext_proc, guardrail, otlp, rate_limit};

/// All of them.
pub(super) fn policy_services() -> Vec<Mock> {
    asked().into_iter().chain(told()).collect()
}

/// What policies ask.
fn asked() -> Vec<Mock> {
    vec![
        Mock::grpc(
            "ext-authz",
            9150,
            "external authorization, Envoy's gRPC API: `x-ext-authz: allow` passes",
            ext_authz::router(),
            ext_authz::shown,
        ),
        Mock::service(
            "ext-authz-http",
            9151,
            "external authorization over HTTP: `x-ext-authz: allow` passes",
            ext_authz::refuse,
            ext_authz::plain_router(),
        ),
        Mock::grpc(
            "ext-proc",
            9152,
            "external processing, Envoy's gRPC API: does what the header `instructions` says",
            ext_proc::router(),
            ext_proc::shown,
        ),
        Mock::grpc(
            "rate-limit",
            9153,
            "global rate limit, Envoy's gRPC API: ten hits in a minute for every descriptor",
            rate_limit::router(),
            rate_limit::shown,
        ),
        Mock::service(
            "guardrail",
            9154,
            "agentgateway's guardrail webhook: refuses `blocked content`, masks `masking`",
            guardrail::refuse,
            guardrail::router(),
        ),
    ]
}

/// Where telemetry goes; both ways lead to one sink.
fn told() -> Vec<Mock> {
    let sink = Sink::default();
    let grpc = Mock::grpc(
        "otlp",
        9155,
        "OpenTelemetry sink over gRPC: traces, logs, metrics",
        otlp::router(&sink),
        otlp::shown,
    );
    let http = Mock::service(
        "otlp-http",
        9156,
        "OpenTelemetry sink over HTTP, protocol buffers and JSON",
        otlp::refuse,
        otlp::http_router(&sink),
    );
    vec![grpc.controlled(otlp::controls(&sink)).forgetting(sink), http.read_by(otlp::shown)]
}
