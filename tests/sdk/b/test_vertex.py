"""google-genai against the Vertex AI mock."""

import asyncio

import pytest
from google import genai
from google.auth.credentials import Credentials
from google.genai import errors, types

MODEL = "gemini-2.5-flash"


class Token(Credentials):
    """An access token that is there from the start."""

    def __init__(self, token):
        super().__init__()
        self.token = token

    def refresh(self, request):
        pass


def connect(url, token="ya29.demo"):
    options = types.HttpOptions(base_url=url)
    return genai.Client(
        vertexai=True, project="demo", location="us-central1", credentials=Token(token), http_options=options
    )


@pytest.fixture
def client(url):
    return connect(url("vertex"))


def test_chat_and_stream(client):
    assert client.models.generate_content(model=MODEL, contents="hello").text == "You said: hello"
    chunks = list(client.models.generate_content_stream(model=MODEL, contents="hello"))
    assert "".join(chunk.text or "" for chunk in chunks) == "You said: hello"
    assert client.models.count_tokens(model=MODEL, contents="hello").total_tokens == 2


def test_tools_and_structured(client):
    parameters = types.Schema(type="OBJECT", properties={"city": types.Schema(type="STRING")})
    tool = types.Tool(function_declarations=[types.FunctionDeclaration(name="warmth", parameters=parameters)])
    forced = types.ToolConfig(function_calling_config=types.FunctionCallingConfig(mode="ANY"))
    config = types.GenerateContentConfig(tools=[tool], tool_config=forced)
    assert client.models.generate_content(model=MODEL, contents="hi", config=config).function_calls[0].name == "warmth"
    schema = {"type": "OBJECT", "properties": {"a": {"type": "INTEGER"}}, "required": ["a"]}
    config = types.GenerateContentConfig(response_mime_type="application/json", response_schema=schema)
    assert isinstance(client.models.generate_content(model=MODEL, contents="hi", config=config).parsed["a"], int)


def test_embeddings(client):
    answer = client.models.embed_content(model="text-embedding-005", contents=["hello there"])
    assert len(answer.embeddings[0].values) == 768 and answer.embeddings[0].statistics.token_count == 2


def test_errors(client, url):
    stranger = connect(url("vertex"), "invalid")
    with pytest.raises(errors.ClientError) as raised:
        stranger.models.generate_content(model=MODEL, contents="hello")
    assert raised.value.code == 401 and raised.value.status == "UNAUTHENTICATED"
    with pytest.raises(errors.ClientError) as raised:
        client.models.generate_content(model="no-such-model", contents="hello")
    assert raised.value.code == 404


def test_async(url):
    client = connect(url("vertex"))
    answer = asyncio.run(client.aio.models.generate_content(model=MODEL, contents="hello"))
    assert answer.text == "You said: hello"
