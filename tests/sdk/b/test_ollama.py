"""ollama against its mock."""

import asyncio

import pytest
from ollama import AsyncClient, Client, ResponseError
from pydantic import BaseModel

HELLO = [{"role": "user", "content": "hello"}]
MODEL = "llama3.2"


@pytest.fixture
def client(url):
    return Client(host=url("ollama"))


def warmth(city: str) -> int:
    """How warm it is.

    Args:
        city: where
    """
    return 20


def test_chat_and_stream(client):
    whole = client.chat(MODEL, HELLO)
    assert whole.message.content == "You said: hello" and whole.done_reason == "stop" and whole.eval_count == 3
    parts = list(client.chat(MODEL, HELLO, stream=True))
    assert "".join(part.message.content for part in parts) == "You said: hello"
    assert parts[-1].eval_count == whole.eval_count and parts[-1].prompt_eval_count == whole.prompt_eval_count
    assert client.chat("tiny", HELLO, options={"num_predict": 2}).done_reason == "length"


def test_generate(client):
    assert client.generate(MODEL, "hello").response == "You said: hello"
    assert "".join(part.response for part in client.generate(MODEL, "hello", stream=True)) == "You said: hello"


def test_tools(client):
    answer = client.chat(MODEL, [{"role": "user", "content": "call warmth"}], tools=[warmth])
    call = answer.message.tool_calls[0].function
    assert call.name == "warmth" and isinstance(call.arguments["city"], str)
    result = {"role": "tool", "tool_name": "warmth", "content": "20"}
    turns = [{"role": "user", "content": "call warmth"}, answer.message, result]
    assert client.chat(MODEL, turns, tools=[warmth]).message.content


def test_structured_and_thoughts(client):
    class Weather(BaseModel):
        city: str
        degrees: int

    answer = client.chat(MODEL, HELLO, format=Weather.model_json_schema())
    assert Weather.model_validate_json(answer.message.content)
    assert client.chat("qwen3", HELLO, think=True).message.thinking


def test_embeddings_and_models(client):
    answer = client.embed("nomic-embed-text", ["a", "b"])
    assert [len(embedding) for embedding in answer.embeddings] == [768, 768]
    assert len(client.embeddings("tiny", "hello").embedding) == 64
    assert "tiny:latest" in [model.model for model in client.list().models]
    assert client.show("tiny").details.family == "llama"
    assert client.ps().models


def test_errors(client):
    with pytest.raises(ResponseError) as raised:
        client.chat("nope", HELLO)
    assert raised.value.status_code == 404 and raised.value.error == "model 'nope' not found"
    with pytest.raises(ResponseError) as raised:
        client.chat("tiny", HELLO, tools=[warmth])
    assert raised.value.status_code == 400 and "does not support tools" in raised.value.error
    with pytest.raises(ResponseError):
        list(client.chat("nope", HELLO, stream=True))


def test_async(url):
    async def talk():
        client = AsyncClient(host=url("ollama"))
        whole = await client.chat(MODEL, HELLO)
        stream = await client.chat(MODEL, HELLO, stream=True)
        return whole.message.content, "".join([part.message.content async for part in stream])

    assert asyncio.run(talk()) == ("You said: hello", "You said: hello")
