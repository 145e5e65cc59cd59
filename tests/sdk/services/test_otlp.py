"""OpenTelemetry's own SDK as the sender, over gRPC and over HTTP, and `agw-sandbox mock traces` as the reader."""

import json
import os
import re
import subprocess

import pytest
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as GrpcMetrics
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpans
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter as HttpLogs
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter as HttpMetrics
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpSpans
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, Status, StatusCode

PROGRAM = os.environ["AGW_MOCK_BINARY"]
RESOURCE = Resource.create({"service.name": "shop"})
PATIENCE = 20


class Command:
    """`agw-sandbox mock services`, with a home of its own, as a person runs it."""

    def __init__(self, home):
        self.environment = {**os.environ, "AGW_SANDBOX_HOME": str(home), "NO_COLOR": "1"}
        command = [PROGRAM, "mock", "services", "--any-ports", "--output", "json"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self.environment)
        self.urls = json.loads(self.process.stdout.readline())["urls"]

    def run(self, *words):
        command = [PROGRAM, "mock", *words]
        ran = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=True)
        return ran.stdout

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def command(tmp_path_factory):
    running = Command(tmp_path_factory.mktemp("home"))
    yield running
    running.stop()


def grpc_exporter(command, lane):
    return GrpcSpans(endpoint=command.urls["otlp"], insecure=True, headers={"x-agw-lane": lane})


def http_exporter(command, lane):
    endpoint = f"{command.urls['otlp-http']}/v1/traces"
    return HttpSpans(endpoint=endpoint, headers={"x-agw-lane": lane}, compression=Compression.Gzip)


@pytest.mark.parametrize("exporter", [grpc_exporter, http_exporter])
def test_a_trace_is_shown_as_a_tree(command, exporter):
    lane = exporter.__name__.replace("_", "-")
    provider = TracerProvider(resource=RESOURCE)
    provider.add_span_processor(BatchSpanProcessor(exporter(command, lane)))
    tracer = provider.get_tracer("checkout")
    with tracer.start_as_current_span("POST /cart", kind=SpanKind.SERVER, attributes={"http.route": "/cart"}) as root:
        with tracer.start_as_current_span("price") as price:
            price.add_event("cache miss", {"key": "apple"})
        with tracer.start_as_current_span("chat gpt-4o-mini", kind=SpanKind.CLIENT) as chat:
            chat.set_status(Status(StatusCode.ERROR, "quota"))
        trace_id = trace.format_trace_id(root.get_span_context().trace_id)
    provider.shutdown()
    text = command.run("traces", "--lane", lane)
    first, *tree = text.splitlines()
    assert first.startswith(f"trace {trace_id} · 3 spans · ") and first.endswith(f"lane {lane}"), text
    drawn = [re.split(r" +[\d.]+ ms", line)[0] for line in tree if line]
    assert drawn == ["└─ POST /cart", "   ├─ price", "   └─ chat gpt-4o-mini"], text
    assert "✘ error quota" in tree[2] and "shop" in tree[0] and "server" in tree[0], text
    full = command.run("traces", "--trace", trace_id.upper(), "--full")
    assert "http.route = /cart" in full and "cache miss key = apple" in full
    shown, end = [json.loads(line) for line in command.run("traces", "--lane", lane, "--output", "json").splitlines()]
    assert (shown["schema"], shown["event"], shown["traceId"]) == ("agw-sandbox/v1", "mock.trace", trace_id)
    assert [(span["name"], span["depth"], span["status"]) for span in shown["spans"]] == [
        ("POST /cart", 0, "unset"),
        ("price", 1, "unset"),
        ("chat gpt-4o-mini", 1, "error"),
    ]
    assert shown["spans"][0]["resource"]["service.name"] == "shop"
    assert (end["event"], end["count"], end["droppedSpans"]) == ("mock.traces.finished", 1, 0)


def test_traces_are_followed(command):
    words = [PROGRAM, "mock", "traces", "--follow", "--lane", "follow", "--output", "json"]
    follower = subprocess.Popen(words, env=command.environment, stdout=subprocess.PIPE, text=True)
    provider = TracerProvider(resource=RESOURCE)
    provider.add_span_processor(BatchSpanProcessor(grpc_exporter(command, "follow")))
    with provider.get_tracer("t").start_as_current_span("followed"):
        pass
    provider.shutdown()
    shown = json.loads(follower.stdout.readline())
    assert [span["name"] for span in shown["spans"]] == ["followed"]
    follower.terminate()
    follower.wait(PATIENCE)


def kept(mocks, kind, lane):
    return mocks.call("GET", f"/mock/otlp/{kind}?lane={lane}")["items"]


@pytest.mark.parametrize("way", ["grpc", "http"])
def test_metrics(mocks, way):
    lane = f"metrics-{way}"
    headers = {"x-agw-lane": lane}
    exporter = (
        GrpcMetrics(endpoint=mocks.urls["otlp"], insecure=True, headers=headers)
        if way == "grpc"
        else HttpMetrics(endpoint=f"{mocks.urls['otlp-http']}/v1/metrics", headers=headers)
    )
    provider = MeterProvider(resource=RESOURCE, metric_readers=[PeriodicExportingMetricReader(exporter, 60_000)])
    meter = provider.get_meter("m")
    meter.create_counter("orders", unit="1").add(3, {"fruit": "apple"})
    meter.create_histogram("latency").record(1.5)
    provider.shutdown()
    found = {metric["name"]: metric for metric in kept(mocks, "metrics", lane)}
    assert found["orders"]["sum"]["dataPoints"][0]["asInt"] == "3"
    assert found["latency"]["histogram"]["dataPoints"][0]["sum"] == 1.5


def test_logs(mocks):
    headers = {"x-agw-lane": "logs"}
    provider = LoggerProvider(resource=RESOURCE)
    exporter = HttpLogs(endpoint=f"{mocks.urls['otlp-http']}/v1/logs", headers=headers)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    provider.get_logger("l").emit(body="hello", severity_text="WARN", attributes={"a": 1})
    provider.shutdown()
    (record,) = kept(mocks, "logs", "logs")
    assert (record["body"], record["severity"], record["attributes"]["a"]) == ("hello", "WARN", 1)
    assert record["resource"]["service.name"] == "shop"
