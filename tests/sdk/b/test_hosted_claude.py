"""Anthropic's own clients for Vertex AI and Bedrock against those mocks."""

import anthropic
import pytest

HELLO = [{"role": "user", "content": "hello"}]


@pytest.fixture(params=["vertex", "bedrock"])
def client(request, url):
    if request.param == "vertex":
        found = anthropic.AnthropicVertex(
            base_url=f"{url('vertex')}/v1", access_token="ya29.demo", region="us-east5", project_id="demo", max_retries=0
        )
        return found, "claude-sonnet-4-5@20250929"
    found = anthropic.AnthropicBedrock(
        base_url=url("bedrock"),
        aws_access_key="AKIDAGWSANDBOX000001",
        aws_secret_key="agw-sandbox/secret/of/a/mock/000000000001",
        aws_region="us-east-1",
        max_retries=0,
    )
    return found, "anthropic.claude-sonnet-4-5-20250929-v1:0"


def test_chat_and_stream(client):
    client, model = client
    answer = client.messages.create(model=model, max_tokens=50, messages=HELLO)
    assert answer.content[0].text == "You said: hello" and answer.stop_reason == "end_turn"
    with client.messages.stream(model=model, max_tokens=50, messages=HELLO) as stream:
        assert stream.get_final_text() == "You said: hello"


def test_errors(client):
    client, model = client
    with pytest.raises(anthropic.BadRequestError):
        client.messages.create(model=model, max_tokens=0, messages=HELLO)
