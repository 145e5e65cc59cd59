"""google-genai against the Gemini mock."""

import asyncio
import json
import urllib.request

import pytest
from google import genai
from google.genai import errors, types
from pydantic import BaseModel

MODEL = "gemini-2.5-flash"
WARMTH = types.Tool(
    function_declarations=[
        types.FunctionDeclaration(
            name="warmth",
            description="How warm it is",
            parameters=types.Schema(type="OBJECT", properties={"city": types.Schema(type="STRING")}, required=["city"]),
        )
    ]
)
MANUAL = types.AutomaticFunctionCallingConfig(disable=True)


def connect(url, key="AIza-demo"):
    return genai.Client(api_key=key, http_options=types.HttpOptions(base_url=url))


@pytest.fixture
def client(url):
    return connect(url("gemini"))


def test_chat(client):
    answer = client.models.generate_content(model=MODEL, contents="hello")
    assert answer.text == "You said: hello"
    assert answer.candidates[0].finish_reason == types.FinishReason.STOP
    counted = client.models.count_tokens(model=MODEL, contents="hello")
    assert counted.total_tokens == answer.usage_metadata.prompt_token_count
    assert client.models.generate_content(model=MODEL, contents="hello").response_id == answer.response_id


def test_stream(client):
    whole = client.models.generate_content(model=MODEL, contents="one two three")
    chunks = list(client.models.generate_content_stream(model=MODEL, contents="one two three"))
    assert "".join(chunk.text or "" for chunk in chunks) == whole.text
    assert len(chunks) == 5
    assert chunks[-1].usage_metadata.total_token_count == whole.usage_metadata.total_token_count
    assert [chunk.candidates[0].finish_reason for chunk in chunks[:-1]] == [None] * 4


def test_tools_in_two_turns(client):
    forced = types.ToolConfig(function_calling_config=types.FunctionCallingConfig(mode="ANY"))
    config = types.GenerateContentConfig(tools=[WARMTH], tool_config=forced, automatic_function_calling=MANUAL)
    asked = types.Content(role="user", parts=[types.Part(text="how warm is it in Rome?")])
    answer = client.models.generate_content(model=MODEL, contents=[asked], config=config)
    call = answer.function_calls[0]
    assert call.name == "warmth" and isinstance(call.args["city"], str)
    result = types.Part.from_function_response(name="warmth", response={"degrees": 20})
    config = types.GenerateContentConfig(tools=[WARMTH], automatic_function_calling=MANUAL)
    turns = [asked, answer.candidates[0].content, types.Content(role="user", parts=[result])]
    assert client.models.generate_content(model=MODEL, contents=turns, config=config).text


def test_a_python_function_is_called_when_it_is_named(client):
    seen = []

    def warmth(city: str) -> int:
        """How warm it is."""
        seen.append(city)
        return 20

    config = types.GenerateContentConfig(tools=[warmth])
    answer = client.models.generate_content(model=MODEL, contents="call warmth", config=config)
    assert len(seen) == 1 and answer.text


def test_structured(client):
    class Weather(BaseModel):
        city: str
        degrees: int

    config = types.GenerateContentConfig(response_mime_type="application/json", response_schema=list[Weather])
    answer = client.models.generate_content(model=MODEL, contents="weather", config=config)
    assert isinstance(answer.parsed[0], Weather)


def test_thoughts_and_reasons(client):
    config = types.GenerateContentConfig(thinking_config=types.ThinkingConfig(include_thoughts=True))
    answer = client.models.generate_content(model=MODEL, contents="hello", config=config)
    assert answer.candidates[0].content.parts[0].thought and answer.usage_metadata.thoughts_token_count > 0
    answer = client.models.generate_content(model=MODEL, contents="[[finish: SAFETY]]")
    assert answer.candidates[0].finish_reason == types.FinishReason.SAFETY
    answer = client.models.generate_content(model=MODEL, contents="[[block: SAFETY]]")
    assert answer.prompt_feedback.block_reason == types.BlockedReason.SAFETY
    config = types.GenerateContentConfig(response_logprobs=True, logprobs=1)
    answer = client.models.generate_content(model=MODEL, contents="hello", config=config)
    assert len(answer.candidates[0].logprobs_result.chosen_candidates) == 3


def test_embeddings_and_models(client):
    config = types.EmbedContentConfig(output_dimensionality=8)
    answer = client.models.embed_content(model="gemini-embedding-001", contents=["a", "b"], config=config)
    assert [len(embedding.values) for embedding in answer.embeddings] == [8, 8]
    names = [model.name for model in client.models.list(config={"page_size": 2})]
    assert f"models/{MODEL}" in names and len(names) == 4
    assert client.models.get(model=MODEL).supported_actions


@pytest.mark.parametrize(
    "said, config",
    [
        ("hello", {}),
        ("[[finish: SAFETY]]", {}),
        ("[[block: OTHER]]", {}),
        ("hello", {"responseLogprobs": True, "logprobs": 1, "thinkingConfig": {"includeThoughts": True}}),
    ],
)
def test_every_answer_fits_the_strict_types(url, said, config):
    body = {"contents": [{"role": "user", "parts": [{"text": said}]}], "generationConfig": config}
    for method in ["generateContent", "streamGenerateContent"]:
        request = urllib.request.Request(
            f"{url('gemini')}/v1beta/models/{MODEL}:{method}",
            json.dumps(body).encode(),
            {"content-type": "application/json", "x-goog-api-key": "AIza-demo"},
        )
        with urllib.request.urlopen(request) as answer:
            found = json.load(answer)
        for answer in found if isinstance(found, list) else [found]:
            types.GenerateContentResponse.model_validate(answer, extra="forbid")


def test_errors(client, url):
    stranger = connect(url("gemini"), "invalid")
    with pytest.raises(errors.ClientError) as raised:
        stranger.models.generate_content(model=MODEL, contents="hello")
    assert raised.value.code == 400 and "API key not valid" in raised.value.message
    with pytest.raises(errors.ClientError) as raised:
        client.models.generate_content(model="no-such-model", contents="hello")
    assert raised.value.code == 404 and raised.value.status == "NOT_FOUND"
    with pytest.raises(errors.ClientError) as raised:
        config = types.GenerateContentConfig(temperature=9)
        client.models.generate_content(model=MODEL, contents="hello", config=config)
    assert raised.value.status == "INVALID_ARGUMENT"


def test_async(url):
    async def talk():
        client = connect(url("gemini")).aio
        whole = await client.models.generate_content(model=MODEL, contents="hello")
        stream = await client.models.generate_content_stream(model=MODEL, contents="hello")
        return whole.text, "".join([chunk.text or "" async for chunk in stream])

    assert asyncio.run(talk()) == ("You said: hello", "You said: hello")
