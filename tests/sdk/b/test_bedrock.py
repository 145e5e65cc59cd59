"""boto3 against the Bedrock mock, with botocore's service model as the judge of every answer."""

import json
import socket
import threading
import zlib
from datetime import datetime, timedelta, timezone
from unittest import mock
from urllib.parse import urlsplit

import boto3
import botocore.auth
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, EventStreamError
from botocore.validate import ParamValidator
from urllib3.exceptions import ProtocolError

KEY_ID = "AKIDAGWSANDBOX000001"
SECRET = "agw-sandbox/secret/of/a/mock/000000000001"
MODEL = "us.amazon.nova-lite-v1:0"
CLAUDE = "anthropic.claude-sonnet-4-5-20250929-v1:0"
HELLO = [{"role": "user", "content": [{"text": "hello"}]}]
WARMTH = {
    "name": "warmth",
    "description": "How warm it is",
    "inputSchema": {"json": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}},
}


def connect(url, **keys):
    keys = {"aws_access_key_id": KEY_ID, "aws_secret_access_key": SECRET, **keys}
    config = Config(retries={"max_attempts": 0}, read_timeout=10, proxies={})
    return boto3.client("bedrock-runtime", region_name="us-east-1", endpoint_url=url, config=config, **keys)


@pytest.fixture
def client(url):
    return connect(url("bedrock"))


def judge(client, operation, answer):
    """The answer has what the model requires and nothing that the model does not know."""
    shape = client.meta.service_model.operation_model(operation).output_shape
    answer = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
    report = ParamValidator().validate(answer, shape)
    assert not report.has_errors(), report.generate_report()


def code(raised):
    return raised.value.response["Error"]["Code"]


def test_chat(client):
    answer = client.converse(modelId=MODEL, messages=HELLO, system=[{"text": "be kind"}])
    judge(client, "Converse", answer)
    assert answer["output"]["message"]["content"] == [{"text": "You said: hello"}]
    assert answer["stopReason"] == "end_turn"
    short = client.converse(modelId=MODEL, messages=HELLO, inferenceConfig={"maxTokens": 2})
    assert short["stopReason"] == "max_tokens"
    for reason in ["guardrail_intervened", "content_filtered", "model_context_window_exceeded"]:
        content = [{"text": f"[[stop: {reason}]]"}]
        answer = client.converse(modelId=MODEL, messages=[{"role": "user", "content": content}])
        judge(client, "Converse", answer)
        assert answer["stopReason"] == reason


def test_stream(client):
    whole = client.converse(modelId=MODEL, messages=HELLO)
    events = list(client.converse_stream(modelId=MODEL, messages=HELLO)["stream"])
    stream = client.meta.service_model.operation_model("ConverseStream").output_shape.members["stream"]
    for event in events:
        (name, payload), = event.items()
        report = ParamValidator().validate(payload, stream.members[name])
        assert not report.has_errors(), report.generate_report()
    text = "".join(event["contentBlockDelta"]["delta"]["text"] for event in events if "contentBlockDelta" in event)
    assert text == "You said: hello"
    assert events[-1]["metadata"]["usage"] == whole["usage"]


@pytest.mark.parametrize("is_stream", [False, True])
def test_tools_in_two_turns(client, is_stream):
    config = {"tools": [{"toolSpec": WARMTH}], "toolChoice": {"any": {}}}
    if is_stream:
        events = list(client.converse_stream(modelId=MODEL, messages=HELLO, toolConfig=config)["stream"])
        start = next(event["contentBlockStart"]["start"] for event in events if "contentBlockStart" in event)
        deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
        call = {**start["toolUse"], "input": json.loads("".join(delta["toolUse"]["input"] for delta in deltas))}
    else:
        answer = client.converse(modelId=MODEL, messages=HELLO, toolConfig=config)
        judge(client, "Converse", answer)
        call = answer["output"]["message"]["content"][0]["toolUse"]
    assert call["name"] == "warmth" and isinstance(call["input"]["city"], str)
    result = {"toolUseId": call["toolUseId"], "content": [{"json": {"degrees": 20}}]}
    turns = HELLO + [
        {"role": "assistant", "content": [{"toolUse": call}]},
        {"role": "user", "content": [{"toolResult": result}]},
    ]
    config = {"tools": [{"toolSpec": WARMTH}]}
    assert client.converse(modelId=MODEL, messages=turns, toolConfig=config)["stopReason"] == "end_turn"


def test_structured_and_reasoning(client):
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]}
    output = {"textFormat": {"type": "json_schema", "structure": {"jsonSchema": {"schema": json.dumps(schema)}}}}
    answer = client.converse(modelId=MODEL, messages=HELLO, outputConfig=output)
    assert isinstance(json.loads(answer["output"]["message"]["content"][0]["text"])["a"], int)
    thinking = {"thinking": {"type": "enabled", "budget_tokens": 1024}}
    answer = client.converse(modelId=CLAUDE, messages=HELLO, additionalModelRequestFields=thinking)
    judge(client, "Converse", answer)
    assert "reasoningText" in answer["output"]["message"]["content"][0]["reasoningContent"]


def test_invoke_and_embeddings(client):
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 50,
        "messages": [{"role": "user", "content": "hello"}],
    }
    answer = client.invoke_model(modelId=CLAUDE, body=json.dumps(body))
    assert json.loads(answer["body"].read())["content"][0]["text"] == "You said: hello"
    events = client.invoke_model_with_response_stream(modelId=CLAUDE, body=json.dumps(body))["body"]
    chunks = [json.loads(event["chunk"]["bytes"]) for event in events]
    assert "".join(chunk.get("delta", {}).get("text", "") for chunk in chunks) == "You said: hello"
    assert chunks[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"] == 3
    answer = client.invoke_model(modelId="amazon.titan-embed-text-v2:0", body=json.dumps({"inputText": "hello"}))
    assert len(json.loads(answer["body"].read())["embedding"]) == 1024
    counted = client.count_tokens(modelId=MODEL, input={"converse": {"messages": HELLO}})
    assert counted["inputTokens"] == client.converse(modelId=MODEL, messages=HELLO)["usage"]["inputTokens"]


def test_what_is_signed_wrong_is_refused(url):
    with pytest.raises(ClientError) as raised:
        connect(url("bedrock"), aws_secret_access_key="wrong").converse(modelId=MODEL, messages=HELLO)
    assert code(raised) == "InvalidSignatureException" and "does not match" in str(raised.value)
    with pytest.raises(ClientError) as raised:
        connect(url("bedrock"), aws_access_key_id="AKIDOTHER").converse(modelId=MODEL, messages=HELLO)
    assert code(raised) == "UnrecognizedClientException"
    changing = connect(url("bedrock"))

    def change(request, **_):
        request.body = request.body.replace(b"hello", b"hallo")

    changing.meta.events.register_last("before-send.bedrock-runtime.Converse", change)
    with pytest.raises(ClientError) as raised:
        changing.converse(modelId=MODEL, messages=HELLO)
    assert code(raised) == "InvalidSignatureException"
    late = datetime.now(timezone.utc) - timedelta(minutes=20)
    with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: late.replace(tzinfo=None)):
        with pytest.raises(ClientError) as raised:
            connect(url("bedrock")).converse(modelId=MODEL, messages=HELLO)
    assert "Signature expired" in str(raised.value)
    token = connect(url("bedrock"), aws_session_token="agw-sandbox-session-token")
    assert token.converse(modelId=MODEL, messages=HELLO)["stopReason"] == "end_turn"


def test_errors(client):
    with pytest.raises(client.exceptions.ValidationException):
        client.converse(modelId="no-such-model", messages=HELLO)
    with pytest.raises(client.exceptions.ValidationException):
        client.converse(modelId=MODEL, messages=[{"role": "assistant", "content": [{"text": "x"}]}])
    with pytest.raises(client.exceptions.ValidationException):
        client.invoke_model(modelId=CLAUDE, body="{}")


def relay(address, change):
    """A proxy for one exchange that changes the body of the answer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listener, listener.accept()[0] as client, socket.create_connection(address) as server:
            request = client.recv(65536)
            while b"\r\n\r\n" not in request or len(request.split(b"\r\n\r\n", 1)[1]) < length(request):
                request += client.recv(65536)
            server.sendall(request.replace(b"HTTP/1.1\r\n", b"HTTP/1.1\r\nConnection: close\r\n", 1))
            answer = b""
            while received := server.recv(65536):
                answer += received
            head, body = answer.split(b"\r\n\r\n", 1)
            whole = unchunked(body)
            kind = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-type"))
            # One chunk as long as the whole body: what is cut off is missed.
            head = b"HTTP/1.1 200 OK\r\n" + kind + b"\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n" % len(whole)
            changed = change(whole)
            client.sendall(head + changed + (b"\r\n0\r\n\r\n" if len(changed) == len(whole) else b""))

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def length(request):
    head = request.split(b"\r\n\r\n", 1)[0].lower()
    return int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0])


def unchunked(body):
    whole = b""
    while body:
        size, body = body.split(b"\r\n", 1)
        size = int(size, 16)
        if not size:
            break
        whole, body = whole + body[:size], body[size + 2 :]
    return whole


def through_relay(url, change):
    # The client signs for the relay, whose name stays in the request.
    target = urlsplit(url)
    client = connect(relay((target.hostname, target.port), change))
    return client.converse_stream(modelId=MODEL, messages=HELLO)["stream"]


def test_a_broken_frame_raises_the_sdks_own_error(url):
    from botocore.eventstream import ChecksumMismatch

    def spoil(body):
        return body[:-1] + bytes([body[-1] ^ 1])

    with pytest.raises(ChecksumMismatch):
        list(through_relay(url("bedrock"), spoil))


def test_a_stream_cut_in_mid_frame_raises(url):
    with pytest.raises(ProtocolError):
        list(through_relay(url("bedrock"), lambda body: body[:-10]))


def test_an_exception_in_the_stream_raises_the_sdks_own_error(url):
    message = json.dumps({"message": "Too many requests"}).encode()
    headers = {":message-type": "exception", ":exception-type": "throttlingException"}
    with pytest.raises(EventStreamError) as raised:
        list(through_relay(url("bedrock"), lambda body: (frame(headers, message) + body)[: len(body)]))
    assert code(raised) == "throttlingException"


def frame(headers, payload):
    encoded = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + len(value).to_bytes(2, "big") + value.encode()
        for name, value in headers.items()
    )
    prelude = (16 + len(encoded) + len(payload)).to_bytes(4, "big") + len(encoded).to_bytes(4, "big")
    start = prelude + zlib.crc32(prelude).to_bytes(4, "big") + encoded + payload
    return start + zlib.crc32(start).to_bytes(4, "big")
