"""The Anthropic SDK, as it is, against the mock of Anthropic."""

import asyncio
import json

import anthropic
import httpx2
import pydantic
import pytest
from strict import check

HELLO = [{"role": "user", "content": "hello"}]
SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOL = {"name": "weather", "description": "The weather.", "input_schema": SCHEMA}
ASK = {"model": "claude-opus-4-7", "max_tokens": 2_000, "messages": HELLO}


def options(lane, **more):
    return {"base_url": lane.urls["anthropic"], "api_key": "sk-ant-test", "default_headers": lane.headers, **more}


@pytest.fixture
def client(lane):
    return anthropic.Anthropic(**options(lane, max_retries=0))


def test_message_stream_and_count_agree(client):
    request = {**ASK, "system": [{"type": "text", "text": "be nice"}]}
    whole = check(client.messages.create(**request))
    assert (whole.content[0].text, whole.stop_reason) == ("You said: hello", "end_turn")
    with client.messages.stream(**request) as stream:
        assert "".join(stream.text_stream) == "You said: hello"
        streamed = stream.get_final_message()
    assert streamed.usage.output_tokens == whole.usage.output_tokens
    count = client.messages.count_tokens(model=ASK["model"], messages=HELLO, system=request["system"])
    assert count.input_tokens == whole.usage.input_tokens == streamed.usage.input_tokens


def test_raw_events(client, lane):
    lane.behave("anthropic", replies=[{"reasoning": "Think.", "text": "Done.", "toolCalls": [{"name": "weather"}]}])
    events = [check(event) for event in client.messages.create(**ASK, tools=[TOOL], stream=True)]
    kinds = [event.type for event in events]
    assert kinds[0] == "message_start" and kinds[-2:] == ["message_delta", "message_stop"]
    starts = [event.content_block.type for event in events if event.type == "content_block_start"]
    assert starts == ["thinking", "text", "tool_use"]


def test_tools_over_two_turns(client):
    with client.messages.stream(**ASK, tools=[TOOL], tool_choice={"type": "any"}) as stream:
        called = stream.get_final_message()
    call = called.content[0]
    assert (called.stop_reason, call.name, call.input) == ("tool_use", "weather", {"city": "text"})
    said = {"role": "assistant", "content": [call.model_dump(include={"type", "id", "name", "input"})]}
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "sunny"}
    turns = [*HELLO, said, {"role": "user", "content": [result]}]
    assert client.messages.create(**{**ASK, "messages": turns}, tools=[TOOL]).stop_reason == "end_turn"
    with pytest.raises(anthropic.BadRequestError, match="without `tool_result` blocks immediately after"):
        client.messages.create(**{**ASK, "messages": [*HELLO, said, *HELLO]}, tools=[TOOL])
    stray = {**result, "tool_use_id": "toolu_stray"}
    with pytest.raises(anthropic.BadRequestError, match="unexpected `tool_use_id`"):
        client.messages.create(**{**ASK, "messages": [{"role": "user", "content": [stray]}]}, tools=[TOOL])


class City(pydantic.BaseModel):
    name: str
    inhabitants: int


def test_structured(client):
    parsed = client.messages.parse(**ASK, output_format=City)
    assert isinstance(parsed.parsed_output, City)


def test_thinking_stops_and_limits(client):
    thought = check(client.messages.create(**ASK, thinking={"type": "enabled", "budget_tokens": 1_024}))
    assert [block.type for block in thought.content] == ["thinking", "text"] and thought.content[0].signature
    stopped = client.messages.create(**ASK, stop_sequences=[" hello"])
    assert (stopped.stop_reason, stopped.stop_sequence) == ("stop_sequence", " hello")
    short = client.messages.create(**{**ASK, "max_tokens": 2})
    assert (short.stop_reason, short.usage.output_tokens) == ("max_tokens", 2)


@pytest.mark.parametrize("reason", ["refusal", "pause_turn", "model_context_window_exceeded"])
def test_scripted_ends(client, lane, reason):
    lane.behave("anthropic", replies=[{"text": "…", "finishReason": reason}])
    assert check(client.messages.create(**ASK)).stop_reason == reason


def test_citations_and_cache(client, lane):
    source = {"text": "grass is green", "title": "Botany"}
    lane.behave("anthropic", replies=[{"text": "Grass is green.", "citations": [source], "usage": {"input": 50, "cached": 40}}])
    document = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "grass is green"}}
    question = [{"role": "user", "content": [document, {"type": "text", "text": "what colour?"}]}]
    answer = check(client.messages.create(**{**ASK, "messages": question}))
    assert answer.content[0].citations[0].cited_text == "grass is green"
    assert (answer.usage.input_tokens, answer.usage.cache_read_input_tokens) == (10, 40)


def test_models(client):
    models = [check(model) for model in client.models.list(limit=2)]
    assert len(models) == 5 and client.models.retrieve(models[0].id) == models[0]
    with pytest.raises(anthropic.NotFoundError):
        client.models.retrieve("no-such-model")


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, anthropic.BadRequestError, "invalid_request_error"),
        (401, anthropic.AuthenticationError, "authentication_error"),
        (403, anthropic.PermissionDeniedError, "permission_error"),
        (404, anthropic.NotFoundError, "not_found_error"),
        (413, anthropic.APIStatusError, "request_too_large"),
        (429, anthropic.RateLimitError, "rate_limit_error"),
        (500, anthropic.InternalServerError, "api_error"),
        (529, anthropic.APIStatusError, "overloaded_error"),
    ],
)
def test_errors(client, lane, status, error, kind):
    lane.behave("anthropic", faults=[{"status": status}])
    with pytest.raises(error) as raised:
        client.messages.create(**ASK)
    assert (raised.value.status_code, raised.value.body["error"]["type"]) == (status, kind)
    assert raised.value.request_id == raised.value.body["request_id"]


def test_retries(lane):
    lane.behave("anthropic", faults=[{"status": 529, "times": 2, "headers": [["retry-after-ms", "20"]]}])
    assert anthropic.Anthropic(**options(lane, max_retries=2)).messages.create(**ASK).content
    assert len(lane.requests("anthropic", 3)) == 3


def test_broken_streams(client, lane):
    lane.behave("anthropic", faults=[{"errorEvent": {"afterEvents": 3, "status": 529}}])
    with pytest.raises(anthropic.APIStatusError, match="Overloaded"):
        list(client.messages.create(**ASK, stream=True))
    for moment in ["cut", "reset"]:
        lane.behave("anthropic", faults=[{moment: {"afterEvents": 3}}])
        with pytest.raises((anthropic.APIConnectionError, httpx2.TransportError)):
            list(client.messages.create(**ASK, stream=True))
    lane.behave("anthropic", faults=[{"html": True}])
    with pytest.raises(anthropic.InternalServerError):
        client.messages.create(**ASK)


def test_headers(client, lane):
    with pytest.raises(anthropic.AuthenticationError):
        anthropic.Anthropic(**options(lane, api_key="sk-invalid", max_retries=0)).messages.create(**ASK)
    with pytest.raises(anthropic.BadRequestError, match="not a valid version"):
        client.messages.create(**ASK, extra_headers={"anthropic-version": "2020-01-01"})
    with pytest.raises(anthropic.BadRequestError, match="anthropic-beta"):
        client.messages.create(**ASK, extra_headers={"anthropic-beta": "surprise"})
    assert client.beta.messages.create(**ASK, betas=["context-1m-2025-08-07"]).content
    token = anthropic.Anthropic(**{**options(lane, max_retries=0), "api_key": None}, auth_token="sk-ant-oat-x")
    assert token.messages.create(**ASK).content


def test_async(lane):
    async def talk():
        async with anthropic.AsyncAnthropic(**options(lane, max_retries=1)) as client:
            whole = await client.messages.create(**ASK)
            async with client.messages.stream(**ASK) as stream:
                text = "".join([text async for text in stream.text_stream])
            assert whole.content[0].text == text == "You said: hello"
            called = await client.messages.create(**ASK, tools=[TOOL], tool_choice={"type": "tool", "name": "weather"})
            assert json.dumps(called.content[0].input) == '{"city": "text"}'
            lane.behave("anthropic", faults=[{"status": 500, "times": 1, "headers": [["retry-after-ms", "10"]]}])
            assert (await client.messages.create(**ASK)).content
            lane.behave("anthropic", faults=[{"status": 429, "headers": [["retry-after-ms", "10"]]}])
            with pytest.raises(anthropic.RateLimitError):
                await client.messages.create(**ASK)

    asyncio.run(talk())
