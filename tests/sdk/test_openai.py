"""The OpenAI SDK, as it is, against the mock of OpenAI."""

import asyncio
import json
import time
import urllib.request

import openai
import pydantic
import pytest
import zstandard
from strict import check

HELLO = [{"role": "user", "content": "hello"}]
WEATHER = {
    "type": "object",
    "properties": {"city": {"type": "string"}, "days": {"type": "integer"}},
    "required": ["city", "days"],
    "additionalProperties": False,
}
TOOL = {"type": "function", "function": {"name": "weather", "parameters": WEATHER, "strict": True}}


def options(lane, **more):
    return {"base_url": lane.urls["openai"], "api_key": "sk-test", "default_headers": lane.headers, **more}


@pytest.fixture
def client(lane):
    return openai.OpenAI(**options(lane, max_retries=0))


def test_chat(client):
    whole = check(client.chat.completions.create(model="gpt-4o", messages=HELLO))
    assert whole.choices[0].message.content == "You said: hello"
    assert whole.choices[0].finish_reason == "stop"
    assert whole.usage.total_tokens == whole.usage.prompt_tokens + whole.usage.completion_tokens
    assert client.chat.completions.create(model="gpt-4o", messages=HELLO) == whole


def test_stream(client):
    stream = client.chat.completions.create(
        model="gpt-4o", messages=HELLO, stream=True, stream_options={"include_usage": True}
    )
    chunks = [check(chunk) for chunk in stream]
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "You said: hello"
    assert chunks[-1].usage == client.chat.completions.create(model="gpt-4o", messages=HELLO).usage


def test_n_stop_logprobs_and_length(client):
    whole = check(
        client.chat.completions.create(model="gpt-4o", messages=HELLO, n=2, stop=[" hello"], logprobs=True, top_logprobs=2)
    )
    assert [choice.message.content for choice in whole.choices] == ["You said:"] * 2
    assert len(whole.choices[0].logprobs.content[0].top_logprobs) == 2
    short = client.chat.completions.create(model="gpt-4o", messages=HELLO, max_completion_tokens=1)
    assert (short.choices[0].finish_reason, short.usage.completion_tokens) == ("length", 1)


def test_tools_over_two_turns(client, lane):
    lane.behave(
        "openai",
        replies=[
            {"toolCalls": [{"name": "weather", "arguments": {"city": "Rome", "days": 1}},
                           {"name": "weather", "arguments": {"city": "Oslo", "days": 2}}]},
            {"text": "Sunny in both."},
        ],
    )
    first = check(client.chat.completions.create(model="gpt-4o", messages=HELLO, tools=[TOOL]))
    calls = first.choices[0].message.tool_calls
    assert [json.loads(call.function.arguments)["city"] for call in calls] == ["Rome", "Oslo"]
    assert first.choices[0].finish_reason == "tool_calls" and calls[0].id != calls[1].id
    answers = [{"role": "tool", "tool_call_id": call.id, "content": "sunny"} for call in calls]
    said = first.choices[0].message.model_dump(exclude_none=True)
    second = client.chat.completions.create(model="gpt-4o", messages=[*HELLO, said, *answers], tools=[TOOL])
    assert second.choices[0].message.content == "Sunny in both."
    with pytest.raises(openai.BadRequestError, match="did not have response messages"):
        client.chat.completions.create(model="gpt-4o", messages=[*HELLO, said, answers[0]], tools=[TOOL])


def test_streamed_tools(client):
    with client.chat.completions.stream(model="gpt-4o", messages=HELLO, tools=[TOOL], tool_choice="required") as stream:
        pieces = [event for event in stream if event.type == "tool_calls.function.arguments.delta"]
        whole = stream.get_final_completion()
    assert len(pieces) > 1
    assert whole.choices[0].message.tool_calls[0].function.parsed_arguments == {"city": "text", "days": 1}


class City(pydantic.BaseModel):
    name: str
    inhabitants: int
    districts: list[str]


def test_structured(client, lane):
    parsed = client.chat.completions.parse(model="gpt-4o", messages=HELLO, response_format=City)
    assert isinstance(parsed.choices[0].message.parsed, City)
    parsed = client.responses.parse(model="gpt-4o", input="hello", text_format=City)
    assert isinstance(parsed.output_parsed, City)
    wanted = [{"role": "user", "content": "answer in JSON"}]
    mode = client.chat.completions.create(model="gpt-4o", messages=wanted, response_format={"type": "json_object"})
    assert isinstance(json.loads(mode.choices[0].message.content), dict)
    lane.behave("openai", replies=[{"refusal": "I would rather not."}])
    refused = client.chat.completions.parse(model="gpt-4o", messages=HELLO, response_format=City)
    assert refused.choices[0].message.refusal == "I would rather not."
    lane.behave("openai")
    with pytest.raises(openai.LengthFinishReasonError):
        client.chat.completions.parse(model="gpt-4o", messages=HELLO, response_format=City, max_tokens=1)
    lane.behave("openai", replies=[{"text": "x", "finishReason": "content_filter"}])
    with pytest.raises(openai.ContentFilterFinishReasonError):
        client.chat.completions.parse(model="gpt-4o", messages=HELLO, response_format=City)


def test_responses(client, lane):
    whole = check(client.responses.create(model="gpt-5", input="hello", instructions="be short"))
    assert (whole.output_text, whole.status) == ("You said: hello", "completed")
    events = [check(event) for event in client.responses.create(model="gpt-5", input="hello", stream=True)]
    assert [event.sequence_number for event in events] == list(range(len(events)))
    assert (events[0].type, events[-1].type) == ("response.created", "response.completed")
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == "You said: hello"
    short = client.responses.create(model="gpt-5", input="word " * 30, max_output_tokens=16)
    assert (short.status, short.incomplete_details.reason) == ("incomplete", "max_output_tokens")
    lane.behave("openai", replies=[{"reasoning": "Let me think.", "text": "Done.", "usage": {"cached": 3}}])
    thought = check(client.responses.create(model="gpt-5", input="hello"))
    assert [item.type for item in thought.output] == ["reasoning", "message"]
    assert (thought.usage.output_tokens_details.reasoning_tokens, thought.usage.input_tokens_details.cached_tokens) == (3, 3)


def test_responses_tools(client):
    tool = {"type": "function", "name": "weather", "parameters": WEATHER, "strict": True}
    with client.responses.stream(model="gpt-5", input="hello", tools=[tool], tool_choice="required") as stream:
        for event in stream:
            # OpenAI's description requires the name there, which the SDK's model does not know.
            if event.type != "response.function_call_arguments.done":
                check(event)
        call = stream.get_final_response().output[0]
    assert (call.type, json.loads(call.arguments)) == ("function_call", {"city": "text", "days": 1})
    turns = [{"role": "user", "content": "hello"}, call.model_dump(include={"type", "call_id", "name", "arguments"})]
    with pytest.raises(openai.BadRequestError, match="No tool output found"):
        client.responses.create(model="gpt-5", input=turns)
    turns.append({"type": "function_call_output", "call_id": call.call_id, "output": "sunny"})
    assert client.responses.create(model="gpt-5", input=turns).output_text == "You said: hello"


def test_embeddings(client):
    model = "text-embedding-3-small"
    whole = check(client.embeddings.create(model=model, input=["a", "b"]))
    floats = client.embeddings.create(model=model, input=["a", "b"], encoding_format="float")
    assert whole.data[1].embedding == pytest.approx(floats.data[1].embedding, abs=1e-6)
    assert len(whole.data[0].embedding) == 1536 and whole.usage.prompt_tokens == 2
    assert sum(number * number for number in whole.data[0].embedding) == pytest.approx(1, abs=1e-3)
    assert len(client.embeddings.create(model=model, input="a", dimensions=256).data[0].embedding) == 256


def test_completions_and_models(client):
    whole = check(client.completions.create(model="gpt-3.5-turbo-instruct", prompt="hello", logprobs=1))
    assert whole.choices[0].text == "You said: hello"
    stream = client.completions.create(model="gpt-3.5-turbo-instruct", prompt="hello", stream=True)
    # The SDK's model has no null as finish reason, which the real stream has until the end.
    assert "".join(chunk.choices[0].text for chunk in stream) == "You said: hello"
    models = [check(model) for model in client.models.list()]
    assert client.models.retrieve(models[0].id) == models[0]


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (409, openai.ConflictError),
        (422, openai.UnprocessableEntityError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_errors(client, lane, status, error):
    lane.behave("openai", faults=[{"status": status}])
    with pytest.raises(error) as raised:
        client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert raised.value.status_code == status and raised.value.body["message"]
    assert raised.value.request_id.startswith("req_")


def test_wrong_requests(client, lane):
    with pytest.raises(openai.AuthenticationError) as raised:
        openai.OpenAI(**options(lane, api_key="sk-invalid", max_retries=0)).models.list()
    assert raised.value.code == "invalid_api_key"
    with pytest.raises(openai.NotFoundError) as raised:
        client.chat.completions.create(model="no-such-model", messages=HELLO)
    assert raised.value.code == "model_not_found"
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(model="gpt-5", messages=HELLO, max_tokens=5)
    assert (raised.value.code, raised.value.param) == ("unsupported_parameter", "max_tokens")


def test_retries(lane):
    lane.behave("openai", faults=[{"status": 429, "times": 1, "headers": [["retry-after-ms", "20"]]},
                                  {"status": 503, "times": 1, "headers": [["retry-after-ms", "20"]]}])
    client = openai.OpenAI(**options(lane, max_retries=2))
    assert client.chat.completions.create(model="gpt-4o", messages=HELLO).choices
    counts = [dict(request["headers"])["x-stainless-retry-count"] for request in lane.requests("openai", 3)]
    assert counts == ["0", "1", "2"]


@pytest.mark.parametrize("moment", ["reset", "cut"])
def test_lost_connections(client, lane, moment):
    lane.behave("openai", faults=[{moment: "beforeHeaders"}])
    with pytest.raises(openai.APIConnectionError):
        client.chat.completions.create(model="gpt-4o", messages=HELLO)
    lane.behave("openai", faults=[{moment: {"afterEvents": 2}}])
    with pytest.raises(openai.APIConnectionError):
        list(client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True))


def test_silence(lane):
    client = openai.OpenAI(**options(lane, max_retries=0, timeout=0.3))
    for moment in ["beforeHeaders", "afterHeaders"]:
        lane.behave("openai", faults=[{"hang": moment}])
        with pytest.raises(openai.APITimeoutError):
            client.chat.completions.create(model="gpt-4o", messages=HELLO)


def test_errors_within_streams(client, lane):
    lane.behave("openai", faults=[{"errorEvent": {"afterEvents": 2}}])
    with pytest.raises(openai.APIError, match="error while processing"):
        list(client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True))
    last = list(client.responses.create(model="gpt-5", input="hello", stream=True))[-1]
    assert (check(last).type, last.code, last.sequence_number) == ("error", "server_error", 2)
    lane.behave("openai", faults=[{"malformed": "json"}])
    with pytest.raises(json.JSONDecodeError):
        list(client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True))


@pytest.mark.parametrize(
    "fault",
    [{"gzip": True}, {"drip": {"bytes": 7}}, {"writing": "crlf"}, {"writing": "comments"}, {"oversize": 200_000},
     {"terminator": "missing"}, {"terminator": "twice"}],
    ids=str,
)
def test_what_clients_have_to_bear(client, lane, fault):
    lane.behave("openai", faults=[fault])
    assert client.chat.completions.create(model="gpt-4o", messages=HELLO).choices[0].message.content
    stream = client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True)
    assert "".join(chunk.choices[0].delta.content or "" for chunk in stream) == "You said: hello"


def test_cadence(client, lane):
    lane.behave("openai", cadence={"firstTokenMs": 60, "tokenMs": 20})
    started = time.monotonic()
    assert len(list(client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True))) == 5
    assert 0.14 <= time.monotonic() - started < 2


def test_async(lane):
    async def talk():
        async with openai.AsyncOpenAI(**options(lane, max_retries=0)) as client:
            whole = await client.chat.completions.create(model="gpt-4o", messages=HELLO)
            stream = await client.chat.completions.create(model="gpt-4o", messages=HELLO, stream=True)
            text = "".join([chunk.choices[0].delta.content or "" async for chunk in stream])
            assert whole.choices[0].message.content == text == "You said: hello"
            parsed = await client.chat.completions.parse(model="gpt-4o", messages=HELLO, response_format=City)
            assert isinstance(parsed.choices[0].message.parsed, City)
            assert len((await client.embeddings.create(model="m", input="a")).data[0].embedding) == 1536
            assert (await client.responses.create(model="gpt-5", input="hello")).output_text == text
            lane.behave("openai", faults=[{"status": 429}])
            with pytest.raises(openai.RateLimitError):
                await client.chat.completions.create(model="gpt-4o", messages=HELLO)
        lane.behave("openai", faults=[{"status": 500, "times": 1, "headers": [["retry-after-ms", "10"]]}])
        async with openai.AsyncOpenAI(**options(lane, max_retries=1)) as client:
            assert (await client.chat.completions.create(model="gpt-4o", messages=HELLO)).choices

    asyncio.run(talk())


@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip"])
def test_answers_in_every_encoding(client, lane, encoding):
    plain = client.chat.completions.create(model="gpt-4o", messages=HELLO)
    lane.behave("openai", faults=[{"encoding": encoding}])
    raw = client.chat.completions.with_raw_response.create(model="gpt-4o", messages=HELLO)
    # The client's own decoders read what was not compressed with theirs.
    assert raw.headers["content-encoding"] == encoding and raw.parse() == plain
    # Longer than one block of any of them.
    lane.behave("openai", answer="word " * 40_000, faults=[{"encoding": encoding}])
    long = client.chat.completions.create(model="gpt-4o", messages=HELLO)
    assert long.choices[0].message.content == "word " * 40_000


def test_answers_in_zstd(lane):
    # The client has no decoder for it, so the one of others is asked directly.
    lane.behave("openai", answer="word " * 40_000, faults=[{"encoding": "zstd"}])
    headers = {**lane.headers, "authorization": "Bearer sk-test", "content-type": "application/json"}
    body = json.dumps({"model": "gpt-4o", "messages": HELLO}).encode()
    request = urllib.request.Request(f"{lane.urls['openai']}/chat/completions", body, headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.headers["content-encoding"] == "zstd"
        read = json.loads(zstandard.ZstdDecompressor().decompressobj().decompress(answer.read()))
    assert read["choices"][0]["message"]["content"] == "word " * 40_000
