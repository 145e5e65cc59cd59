"""Google's own description of Vertex AI as the judge of its mock, in both directions."""

import json
import urllib.error
import urllib.request
from pathlib import Path

import googleapiclient
import pytest

PREFIX = "GoogleCloudAiplatformV1"
MODEL = "v1/projects/demo/locations/us-central1/publishers/google/models/gemini-2.5-flash"
HELLO = [{"role": "user", "parts": [{"text": "hello"}]}]
KINDS = {"string": str, "boolean": bool, "object": dict, "array": list, "integer": int, "number": (int, float)}
# What the description calls deprecated or output only, and what needs resources that no mock has.
SAMPLES = {"string": "x", "boolean": True, "object": {}, "array": [], "integer": 1, "number": 1, "any": {}}


@pytest.fixture(scope="module")
def description():
    folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    return json.loads((folder / "aiplatform.v1.json").read_text())["schemas"]


def check(description, schema, value, place="$"):
    """Fails where a value has what the description does not know, or of another type."""
    if "$ref" in schema:
        schema = description[schema["$ref"]]
    kind = schema["type"]
    if kind == "any":
        return
    if kind == "string" and schema.get("format") in ("int64", "uint64"):
        assert isinstance(value, str) and int(value) is not None, f"{place}: {value!r}"
    assert isinstance(value, KINDS[kind]), f"{place}: {value!r} is no {kind}"
    assert kind == "boolean" or not isinstance(value, bool), f"{place}: {value!r} is no {kind}"
    if "enum" in schema:
        assert value in schema["enum"], f"{place}: {value!r} is none of {schema['enum']}"
    if kind == "array":
        for index, item in enumerate(value):
            check(description, schema["items"], item, f"{place}[{index}]")
    if kind == "object":
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        for name, item in value.items():
            assert name in known or others, f"{place}: {name} is not known"
            check(description, known.get(name, others), item, f"{place}.{name}")


def post(url, path, body):
    headers = {"content-type": "application/json", "authorization": "Bearer ya29.demo"}
    request = urllib.request.Request(f"{url('vertex')}/{path}", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refusal:
        return refusal.code, json.load(refusal)


TOOL = {"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}}]}
REQUESTS = [
    {},
    {"generationConfig": {"responseLogprobs": True, "logprobs": 2, "thinkingConfig": {"includeThoughts": True}}},
    {"tools": [TOOL], "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}},
    {"generationConfig": {"responseMimeType": "application/json", "responseSchema": {"type": "OBJECT"}}},
    {"generationConfig": {"maxOutputTokens": 1, "candidateCount": 2}},
    {"contents": [{"role": "user", "parts": [{"text": "[[finish: SAFETY]]"}]}]},
    {"contents": [{"role": "user", "parts": [{"text": "[[block: PROHIBITED_CONTENT]]"}]}]},
]


@pytest.mark.parametrize("more", REQUESTS)
def test_every_answer_is_as_described(url, description, more):
    request = {"contents": HELLO, **more}
    check(description, description[f"{PREFIX}GenerateContentRequest"], request)
    answer = {"$ref": f"{PREFIX}GenerateContentResponse"}
    status, whole = post(url, f"{MODEL}:generateContent", request)
    assert status == 200, whole
    check(description, answer, whole)
    status, chunks = post(url, f"{MODEL}:streamGenerateContent", request)
    assert status == 200 and chunks
    for chunk in chunks:
        check(description, answer, chunk)


def test_counts_and_predictions_are_as_described(url, description):
    _, count = post(url, f"{MODEL}:countTokens", {"contents": HELLO})
    check(description, {"$ref": f"{PREFIX}CountTokensResponse"}, count)
    _, predicted = post(url, f"{MODEL}:predict", {"instances": [{"content": "hello"}]})
    check(description, {"$ref": f"{PREFIX}PredictResponse"}, predicted)


def sample(description, schema, depth=0):
    """A value with every field that the description knows, a few levels deep."""
    if "$ref" in schema:
        schema = description[schema["$ref"]]
    if "enum" in schema:
        return schema["enum"][-1]
    if schema["type"] == "string" and schema.get("format") == "byte":
        return "AAAA"
    if schema["type"] == "string" and "int" in schema.get("format", ""):
        return "1"
    if schema["type"] == "array" and depth < 4:
        return [sample(description, schema["items"], depth + 1)]
    if schema["type"] == "object" and depth < 4 and "properties" in schema:
        return {name: sample(description, part, depth + 1) for name, part in schema["properties"].items()}
    return SAMPLES[schema["type"]]


@pytest.mark.parametrize("method, name", [("generateContent", "GenerateContent"), ("countTokens", "CountTokens")])
def test_every_field_that_is_described_is_known_and_no_other(url, description, method, name):
    _, answer = post(url, f"{MODEL}:{method}", sample(description, {"$ref": f"{PREFIX}{name}Request"}))
    message = answer.get("error", {}).get("message", "")
    assert "Unknown name" not in message and "Invalid value" not in message, message
    for field in ["surprise", "generation_config_", "Contents"]:
        status, answer = post(url, f"{MODEL}:{method}", {"contents": HELLO, field: 1})
        assert status == 400 and f'Unknown name "{field}"' in answer["error"]["message"]
