"""Envoy's APIs through grpcio, with messages that are compiled from Envoy's own definitions."""

import json
import queue

import grpc
import pytest
from envoy_data_plane.envoy.config.core.v3 import HeaderMap, HeaderValue
from envoy_data_plane.envoy.extensions.common.ratelimit.v3 import RateLimitDescriptor, RateLimitDescriptorEntry
from envoy_data_plane.envoy.service.auth.v3 import (
    AttributeContext,
    AttributeContextHttpRequest,
    AttributeContextRequest,
    AuthorizationSyncStub,
    CheckRequest,
)
from envoy_data_plane.envoy.service.ext_proc.v3 import (
    ExternalProcessorSyncStub,
    HttpBody,
    HttpHeaders,
    ProcessingRequest,
    ProcessingResponse,
)
from envoy_data_plane.envoy.service.ratelimit.v3 import (
    RateLimitRequest,
    RateLimitResponseCode,
    RateLimitServiceSyncStub,
)


def check(**headers):
    http = AttributeContextHttpRequest(path="/chat", headers={name.replace("_", "-"): value for name, value in headers.items()})
    return CheckRequest(attributes=AttributeContext(request=AttributeContextRequest(http=http)))


def test_authorization(lane, channel):
    service = AuthorizationSyncStub(channel("ext-authz"))
    allowed = service.check(check(x_ext_authz="allow"))
    assert allowed.status.code == 0
    assert allowed.ok_response.headers[0].header.key == "x-ext-authz-check-result"
    refused = service.check(check())
    assert (refused.status.code, int(refused.denied_response.status.code)) == (7, 403)
    lane.behave("ext-authz", verdicts=[{"status": 418, "body": "no", "headers": [["x-why", "tea"]]}])
    assert service.check(check(x_ext_authz="allow")).denied_response.body == "no"
    recorded = json.loads(lane.requests("ext-authz", 3)[0]["body"])
    assert recorded["attributes"]["request"]["http"]["headers"] == {"x-ext-authz": "allow"}


def test_rate_limit(lane, channel):
    lane.behave("rate-limit", limits=[{"descriptor": [{"key": "user"}], "hits": 2, "per": "minute"}])
    service = RateLimitServiceSyncStub(channel("rate-limit"))
    descriptor = RateLimitDescriptor(entries=[RateLimitDescriptorEntry(key="user", value="alice")])
    answers = [service.should_rate_limit(RateLimitRequest(domain="demo", descriptors=[descriptor])) for _ in range(3)]
    ok, over = RateLimitResponseCode.OK, RateLimitResponseCode.OVER_LIMIT
    assert [answer.overall_code for answer in answers] == [ok, ok, over]
    assert [answer.statuses[0].limit_remaining for answer in answers] == [1, 0, 0]
    assert answers[2].response_headers_to_add[0].key == "ratelimit-limit"


def test_processing_interleaves(lane, channel):
    said, end = queue.Queue(), object()
    answers = ExternalProcessorSyncStub(channel("ext-proc")).process(iter(said.get, end))
    instructions = json.dumps({"addHeaders": {"x-a": "1"}, "setBody": "new"})
    headers = HeaderMap(headers=[HeaderValue(key="instructions", raw_value=instructions.encode())])
    # Each part is said only when the one before it has been answered.
    said.put(ProcessingRequest(request_headers=HttpHeaders(headers=headers)))
    added = next(answers).request_headers.response.header_mutation.set_headers[0].header
    assert (added.key, added.raw_value) == ("x-a", b"1")
    said.put(ProcessingRequest(request_body=HttpBody(body=b"old", end_of_stream=True)))
    assert next(answers).request_body.response.body_mutation.body == b"new"
    said.put(end)
    assert list(answers) == []
    (recorded,) = lane.requests("ext-proc", 1)
    assert [list(json.loads(line)) for line in recorded["body"].splitlines()] == [["requestHeaders"], ["requestBody"]]


def status_of(call):
    with pytest.raises(grpc.RpcError) as raised:
        call()
    return raised.value.code()


def test_statuses(lane, channel):
    service = AuthorizationSyncStub(channel("ext-authz"))
    assert status_of(lambda: service.check(CheckRequest())) == grpc.StatusCode.INVALID_ARGUMENT
    for status, code in [(503, grpc.StatusCode.UNAVAILABLE), (429, grpc.StatusCode.RESOURCE_EXHAUSTED)]:
        lane.behave("ext-authz", faults=[{"status": status}])
        assert status_of(lambda: service.check(check())) == code
    lane.behave("ext-authz")
    raw = channel("ext-authz")
    unknown = raw.unary_unary("/envoy.service.auth.v3.Authorization/Ask")
    assert status_of(lambda: unknown(b"")) == grpc.StatusCode.UNIMPLEMENTED
    known = raw.unary_unary("/envoy.service.auth.v3.Authorization/Check")
    assert status_of(lambda: known(b"\xff" * 9)) == grpc.StatusCode.INTERNAL
    assert status_of(lambda: known(b"\0" * (5 * 1024 * 1024))) == grpc.StatusCode.RESOURCE_EXHAUSTED
    lane.behave("ext-authz", faults=[{"delayMs": 3000}])
    assert status_of(lambda: known(bytes(check()), timeout=0.2)) == grpc.StatusCode.DEADLINE_EXCEEDED


def test_gzip(lane, channel):
    packed = AuthorizationSyncStub(channel("ext-authz", compression=grpc.Compression.Gzip))
    assert packed.check(check(x_ext_authz="allow", x_long="x" * 4000)).status.code == 0
    (recorded,) = lane.requests("ext-authz", 1)
    assert dict(recorded["headers"])["grpc-encoding"] == "gzip"
    assert "x-long" in json.loads(recorded["body"])["attributes"]["request"]["http"]["headers"]


def test_a_stream_that_breaks(lane, channel):
    lane.behave("ext-proc", faults=[{"errorEvent": {"afterEvents": 1, "status": 500}}])
    headers = ProcessingRequest(request_headers=HttpHeaders())
    answers = ExternalProcessorSyncStub(channel("ext-proc")).process(iter([headers, headers]))
    assert isinstance(next(answers), ProcessingResponse)
    assert status_of(lambda: next(answers)) == grpc.StatusCode.INTERNAL
