"""The OpenAI SDK's Azure clients against the mock of Azure."""

import asyncio

import openai
import pytest

HELLO = [{"role": "user", "content": "hello"}]
VERSION = "2024-10-21"


def options(lane, **more):
    given = {"azure_endpoint": lane.urls["azure"], "api_version": VERSION, "default_headers": lane.headers}
    return {**given, "api_key": "a-key", "max_retries": 0, **more}


@pytest.fixture
def client(lane):
    return openai.AzureOpenAI(**options(lane))


def test_deployments(client, lane):
    whole = client.chat.completions.create(model="my-gpt", messages=HELLO)
    assert (whole.choices[0].message.content, whole.model) == ("You said: hello", "my-gpt")
    assert whole.prompt_filter_results[0]["content_filter_results"]["hate"]["severity"] == "safe"
    target = lane.requests("azure", 1)[0]["target"]
    assert target == f"/openai/deployments/my-gpt/chat/completions?api-version={VERSION}"
    chunks = list(client.chat.completions.create(model="my-gpt", messages=HELLO, stream=True))
    assert chunks[0].choices == [] and chunks[0].prompt_filter_results
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks[1:]) == "You said: hello"
    assert len(client.embeddings.create(model="embed", input="a").data[0].embedding) == 1536
    assert client.completions.create(model="old", prompt="hello").choices[0].text == "You said: hello"
    assert client.responses.create(model="my-gpt", input="hello").output_text == "You said: hello"
    assert list(client.models.list())


def test_tools_and_structure(client):
    schema = {"type": "object", "properties": {"city": {"type": "string"}}}
    tool = {"type": "function", "function": {"name": "weather", "parameters": schema}}
    called = client.chat.completions.create(model="g", messages=HELLO, tools=[tool], tool_choice="required")
    assert called.choices[0].message.tool_calls[0].function.arguments == '{"city":"text"}'
    form = {"type": "json_schema", "json_schema": {"name": "city", "schema": schema}}
    assert client.chat.completions.create(model="g", messages=HELLO, response_format=form).choices[0].message.content


def test_access(lane):
    token = openai.AzureOpenAI(**options(lane, api_key=None, azure_ad_token_provider=lambda: "entra-token"))
    assert token.chat.completions.create(model="g", messages=HELLO).choices
    with pytest.raises(openai.AuthenticationError) as raised:
        openai.AzureOpenAI(**options(lane, api_key="invalid")).models.list()
    assert raised.value.code == "401"


def test_v1(lane):
    base = lane.urls["azure"].rstrip("/") + "/openai/v1"
    client = openai.OpenAI(base_url=base, api_key="token", default_headers=lane.headers, max_retries=0)
    assert client.chat.completions.create(model="g", messages=HELLO).choices
    assert client.responses.create(model="g", input="hello").output_text == "You said: hello"
    assert list(client.models.list())


def test_errors(client, lane):
    with pytest.raises(openai.NotFoundError) as raised:
        client.chat.completions.create(model="no-such-deployment", messages=HELLO)
    assert raised.value.code == "DeploymentNotFound"
    with pytest.raises(openai.BadRequestError) as raised:
        client.chat.completions.create(model="g", messages=[{"role": "user", "content": "blocked-by-filter:hate"}])
    assert raised.value.code == "content_filter"
    inner = raised.value.body["innererror"]
    assert inner["code"] == "ResponsibleAIPolicyViolation" and inner["content_filter_result"]["hate"]["filtered"]
    lane.behave("azure", replies=[{"text": "x", "finishReason": "content_filter"}])
    filtered = client.chat.completions.create(model="g", messages=HELLO).choices[0]
    assert filtered.finish_reason == "content_filter" and filtered.content_filter_results["violence"]["filtered"]
    with pytest.raises(openai.BadRequestError):
        openai.AzureOpenAI(**options(lane, api_version="yesterday")).models.list()


def test_retries(lane):
    lane.behave("azure", faults=[{"status": 429, "times": 1, "headers": [["retry-after-ms", "10"]]}])
    client = openai.AzureOpenAI(**options(lane, max_retries=1))
    assert client.chat.completions.create(model="g", messages=HELLO).choices
    assert len(lane.requests("azure", 2)) == 2


def test_async(lane):
    async def talk():
        async with openai.AsyncAzureOpenAI(**options(lane)) as client:
            stream = await client.chat.completions.create(model="g", messages=HELLO, stream=True)
            texts = [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
            assert "".join(texts) == "You said: hello"

    asyncio.run(talk())
