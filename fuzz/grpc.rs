//! Any body at every gRPC method: frames of answers, and a status that the specification has for it.

use agw_sandbox::mock::fuzz::Doors;
use agw_sandbox::wire::grpc::{Decoder, framed};
use bytes::Bytes;
use http::{Request, Version};
use tokio::runtime::{Builder, Runtime};

const METHODS: [(&str, &str); 6] = [
    ("ext-authz", "/envoy.service.auth.v3.Authorization/Check"),
    ("rate-limit", "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit"),
    ("ext-proc", "/envoy.service.ext_proc.v3.ExternalProcessor/Process"),
    ("otlp", "/opentelemetry.proto.collector.trace.v1.TraceService/Export"),
    ("otlp", "/opentelemetry.proto.collector.logs.v1.LogsService/Export"),
    ("otlp", "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"),
];
/// OK, INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL.
const CODES: [u32; 5] = [0, 3, 8, 12, 13];

thread_local! {
    static STAND: (Runtime, Doors) = (Builder::new_current_thread().enable_all().build().unwrap(), Doors::open());
}

/// The first byte chooses the method, and whether the rest is the body, or a message that is put into a frame.
pub fn run(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let (mock, path) = METHODS[usize::from(*first) % METHODS.len()];
    let body = if *first >= 128 { framed(rest) } else { Bytes::copy_from_slice(rest) };
    let encoding = if first % 2 == 0 { "identity" } else { "gzip" };
    let request = Request::post(path)
        .version(Version::HTTP_2)
        .header("content-type", "application/grpc")
        .header("grpc-encoding", encoding)
        .body(body)
        .unwrap();
    let answer = STAND.with(|(runtime, doors)| {
        let answer = runtime.block_on(doors.call(mock, request)).expect("the body of an answer ends");
        // What was said is made readable too.
        assert!(!doors.forget_recorded().is_empty());
        answer
    });
    assert_eq!(answer.status, 200);
    let status = answer.trailers.get("grpc-status").or(answer.headers.get("grpc-status")).expect("a status");
    let code: u32 = status.to_str().unwrap().parse().unwrap();
    assert!(CODES.contains(&code), "{path}: {code}");
    let mut decoder = Decoder::new(1 << 22);
    decoder.push(&answer.body);
    while decoder.message().expect("frames").is_some() {}
    assert!(!decoder.is_inside_message(), "{path}");
}
