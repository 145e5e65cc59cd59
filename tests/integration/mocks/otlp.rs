//! The sink for OpenTelemetry: over gRPC with the generated client, over HTTP with the examples of the specification.

use super::channel::{channel, messages, recorded, to};
use super::stand::{PATIENCE, Stand, TOKEN, answer, fault};
use agw_sandbox::exchange::{Fault, Lane};
use flate2::{Compression, write::GzEncoder};
use opentelemetry_proto::tonic::collector::trace::v1::trace_service_client::TraceServiceClient;
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span};
use prost::Message;
use reqwest::Method;
use serde_json::{Value, json};
use std::io::Write;
use std::time::Duration;

fn export(spans: &[(u8, u8, &str)]) -> ExportTraceServiceRequest {
    let spans = spans.iter().map(|(id, parent, name)| Span {
        trace_id: vec![7; 16],
        span_id: vec![*id; 8],
        parent_span_id: if *parent == 0 { vec![] } else { vec![*parent; 8] },
        name: (*name).to_owned(),
        start_time_unix_nano: 1_767_225_600_000_000_000,
        end_time_unix_nano: 1_767_225_600_500_000_000,
        ..Default::default()
    });
    let scope_spans = vec![ScopeSpans { spans: spans.collect(), ..Default::default() }];
    ExportTraceServiceRequest { resource_spans: vec![ResourceSpans { scope_spans, ..Default::default() }] }
}

async fn asked(stand: &Stand, path: &str) -> Value {
    let call = stand.http.get(format!("{}/mock/otlp/{path}", stand.admin_url)).bearer_auth(TOKEN);
    let (status, body) = answer(call).await;
    assert_eq!(status, 200, "{body}");
    body
}

#[tokio::test]
async fn spans_arrive_over_grpc_and_wrong_ones_are_told() {
    let stand = Stand::start().await;
    let mut client = TraceServiceClient::new(channel(&stand, "otlp").await);
    let lane = Lane::named("spans");
    let waits = stand.admin.spans(Some(&lane), None, 0, PATIENCE);
    let request = export(&[(1, 0, "root"), (2, 1, "child"), (0, 0, "no id")]);
    let (found, sent) = tokio::join!(waits, client.export(to("spans", request)));
    let partial = sent.unwrap().into_inner().partial_success.unwrap();
    assert_eq!(partial.rejected_spans, 1);
    assert!(partial.error_message.contains("span id"), "{}", partial.error_message);
    let found = found.unwrap();
    let names: Vec<&str> = found.items.iter().map(|span| span.name.as_str()).collect();
    assert_eq!((names, found.dropped), (vec!["root", "child"], 0));
    assert_eq!(found.items[1].parent_span_id, found.items[0].span_id);
    assert_eq!(found.items[0].took().as_millis(), 500);
    let later = stand.admin.spans(Some(&lane), None, 2, Duration::ZERO).await.unwrap();
    assert!(later.items.is_empty());
    let trace = stand.admin.spans(None, Some(&"07".repeat(16)), 0, Duration::ZERO).await.unwrap();
    assert_eq!(trace.items.len(), 2);
    let exchange = recorded(&stand, "spans", "otlp", 1).await.remove(0);
    let shown = &messages(&exchange.received.body)[0];
    assert_eq!(shown["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["traceId"], "07".repeat(16));
    stand.admin.forget(&lane).await.unwrap();
    assert!(stand.admin.spans(None, None, 0, Duration::ZERO).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn http_takes_protocol_buffers_and_json_with_gzip_or_without() {
    let stand = Stand::start().await;
    let post = |content_type: &str, body: Vec<u8>| {
        let call = stand.request("otlp-http", Method::POST, "/v1/traces").header("content-type", content_type);
        call.header("x-agw-lane", "http").body(body)
    };
    let binary = post("application/x-protobuf", export(&[(1, 0, "binary")]).encode_to_vec()).send().await.unwrap();
    assert_eq!(
        (binary.status().as_u16(), binary.headers()["content-type"].to_str().unwrap()),
        (200, "application/x-protobuf")
    );
    let binary = ExportTraceServiceResponse::decode(binary.bytes().await.unwrap()).unwrap();
    assert_eq!(binary, ExportTraceServiceResponse::default());
    let document = serde_json::to_vec(&export(&[(2, 0, "json")])).unwrap();
    assert_eq!(answer(post("application/json; charset=utf-8", document.clone())).await, (200, json!({})));
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&document).unwrap();
    let packed = encoder.finish().unwrap();
    let gzip = post("application/json", packed.clone()).header("content-encoding", "gzip");
    assert_eq!(answer(gzip).await.0, 200);
    let names = stand.admin.spans(Some(&Lane::named("http")), None, 0, Duration::ZERO).await.unwrap().items;
    assert_eq!(names.iter().map(|span| span.name.as_str()).collect::<Vec<_>>(), ["binary", "json", "json"]);
    for exchange in recorded(&stand, "http", "otlp-http", 3).await {
        assert_eq!(messages(&exchange.received.body).len(), 1, "{exchange:#?}");
    }
    for (call, status) in [
        (post("application/json", b"{".to_vec()), 400),
        (post("application/json", b"[]".to_vec()), 400),
        (post("text/plain", document.clone()), 415),
        (post("application/json", packed.clone()).header("content-encoding", "br"), 415),
        (post("application/json", document.clone()).header("content-encoding", "gzip"), 400),
        (stand.request("otlp-http", Method::GET, "/v1/traces"), 405),
        (stand.request("otlp-http", Method::POST, "/v1/profiles"), 404),
    ] {
        let (found, refusal) = answer(call).await;
        assert_eq!(found, status, "{refusal}");
        assert!(refusal["message"].is_string() && refusal["code"].is_number(), "{refusal}");
    }
    let wrong = post("application/x-protobuf", vec![0xff; 9]).send().await.unwrap();
    assert_eq!(wrong.status(), 400);
    let status = envoy_types::pb::google::rpc::Status::decode(wrong.bytes().await.unwrap()).unwrap();
    assert_eq!(status.code, 3);
    stand.behave("http", "otlp-http", None, vec![Fault { status: Some(503), ..fault() }]).await;
    assert_eq!(
        answer(post("application/json", document)).await,
        (503, json!({ "code": 14, "message": "Service Unavailable" }))
    );
}

/// Source: opentelemetry-proto, `examples/logs.json` and `examples/metrics.json`, shortened.
#[tokio::test]
async fn logs_and_metrics_of_the_specification_are_kept() {
    let stand = Stand::start().await;
    let resource = json!({ "attributes": [{ "key": "service.name", "value": { "stringValue": "my.service" } }] });
    let logs = json!({ "resourceLogs": [{ "resource": resource, "scopeLogs": [{
        "scope": { "name": "my.library", "version": "1.0.0" },
        "logRecords": [{
            "timeUnixNano": "1544712660300000000", "observedTimeUnixNano": "1544712660300000000", "severityNumber": 10,
            "severityText": "Information", "traceId": "5B8EFFF798038103D269B633813FC60C", "spanId": "EEE19B7EC3C1B174",
            "body": { "stringValue": "Example log record" },
            "attributes": [
                { "key": "boolean.attribute", "value": { "boolValue": true } },
                { "key": "int.attribute", "value": { "intValue": "10" } },
                { "key": "array.attribute", "value": { "arrayValue": { "values": [{ "stringValue": "many" }] } } },
                { "key": "empty.attribute", "value": { "arrayValue": {} } },
            ],
        }],
    }] }] });
    assert_eq!(answer(stand.request("otlp-http", Method::POST, "/v1/logs").json(&logs)).await, (200, json!({})));
    let record = &asked(&stand, "logs?trace=5B8EFFF798038103D269B633813FC60C").await["items"][0];
    assert_eq!(record["attributes"]["int.attribute"], 10);
    assert_eq!((&record["body"], &record["scope"]), (&json!("Example log record"), &json!("my.library")));
    assert_eq!(record["resource"]["service.name"], "my.service");
    let metrics = json!({ "resourceMetrics": [{ "resource": resource, "scopeMetrics": [{ "metrics": [
        { "name": "my.counter", "unit": "1", "description": "a counter", "sum": {
            "aggregationTemporality": 1, "isMonotonic": true,
            "dataPoints": [{ "asInt": "5", "startTimeUnixNano": "1544712660300000000", "timeUnixNano": "1544712660300000000" }],
        } },
        { "name": "my.histogram", "histogram": { "aggregationTemporality": 1, "dataPoints": [{
            "startTimeUnixNano": "1544712660300000000", "timeUnixNano": "1544712660300000000", "count": "2", "sum": 2,
            "bucketCounts": [1, 1], "explicitBounds": [1], "min": 0, "max": 2,
        }] } },
    ] }] }] });
    assert_eq!(answer(stand.request("otlp-http", Method::POST, "/v1/metrics").json(&metrics)).await, (200, json!({})));
    let found = asked(&stand, "metrics?lane=default").await;
    assert_eq!(found["items"][0]["sum"]["dataPoints"][0]["asInt"], "5");
    assert_eq!(found["items"][1]["name"], "my.histogram");
    let nothing = answer(stand.request("otlp-http", Method::POST, "/v1/metrics").json(&json!({}))).await;
    assert_eq!(nothing, (200, json!({})));
}
