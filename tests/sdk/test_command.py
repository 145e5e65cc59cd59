"""The command `mock` as people use it: what it prints is pasted, what it received is looked at."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request

import pytest
from haralyzer import HarParser

PROGRAM = os.environ["AGW_MOCK_BINARY"]
VENDORS = ["openai", "anthropic", "gemini", "vertex", "azure", "bedrock", "ollama"]
PATIENCE = 60


class Command:
    """`agw-sandbox mock …` while it runs, with a home of its own."""

    def __init__(self, home, *words):
        self.environment = {**os.environ, "AGW_SANDBOX_HOME": str(home), "NO_COLOR": "1"}
        command = [PROGRAM, "mock", *words, "--any-ports"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=self.environment)

    def requests(self, *words):
        command = [PROGRAM, "mock", "requests", *words]
        ran = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=PATIENCE, check=True)
        return ran.stdout

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        return self.process.stdout.read()


@pytest.fixture(scope="module")
def printed(tmp_path_factory):
    command = Command(tmp_path_factory.mktemp("home"), "all")
    text = ""
    # Everything is printed at once; the last snippet is that of the last mock.
    while "asyncio.run(talk())" not in text:
        line = command.process.stdout.readline()
        assert line, text
        text += line
    yield text
    command.stop()


@pytest.fixture(scope="module")
def json_command(tmp_path_factory):
    command = Command(tmp_path_factory.mktemp("home"), "llm", "--output", "json")
    ready = json.loads(command.process.stdout.readline())
    yield command, ready
    assert command.stop() == ""


def run(code):
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, env=environment)
    assert ran.returncode == 0, f"{code}\n{ran.stderr}"
    return ran.stdout.strip()


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_snippet_runs_as_printed(printed, vendor):
    snippet = re.search(rf"^# {vendor}\n(.*?)(?:\n\n|\Z)", printed, re.MULTILINE | re.DOTALL).group(1)
    assert run(snippet) == "You said: hello"


def test_the_snippet_of_mcp_runs_as_printed(printed):
    snippet = re.search(r"^# toolbox\n(.*)", printed, re.MULTILINE | re.DOTALL).group(1)
    assert "echo" in run(snippet)


def test_the_first_line_says_all(json_command):
    _, ready = json_command
    assert ready["event"] == "mock.ready"
    assert sorted(ready["urls"]) == sorted(ready["credentials"]) == sorted(ready["snippets"]) == sorted(VENDORS)
    assert set(ready["credentials"]["bedrock"]) == {"id", "secret"}


def test_requests_are_shown_as_they_were_sent(json_command, tmp_path):
    command, ready = json_command
    body = json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": "grüß dich"}]}).encode()
    headers = {"x-agw-lane": "shown", "authorization": "Bearer sk-secret", "content-type": "application/json"}
    request = urllib.request.Request(f"{ready['urls']['openai']}/chat/completions?a=1", body, headers)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        answered = answer.read().decode()
    shown, end = [json.loads(line) for line in command.requests("--lane", "shown", "--output", "json").splitlines()]
    exchange = shown["exchange"]
    received = exchange["received"]
    assert (received["method"], received["target"]) == ("POST", "/v1/chat/completions?a=1")
    assert received["body"].encode() == body and exchange["sent"]["body"] == answered
    assert dict(received["headers"])["content-type"] == "application/json"
    assert (exchange["outcome"], end["count"], end["dropped"]) == ("complete", 1, 0)
    assert "sk-secret" not in json.dumps(shown)
    assert "shown" in command.requests() and "sk-secret" not in command.requests("--full")
    assert command.requests("--lane", "other", "--output", "json").count("\n") == 1
    file = tmp_path / "requests.har"
    command.requests("--lane", "shown", "--har", str(file))
    # A reader of such files that is not ours.
    (page,) = HarParser(json.loads(file.read_text())).pages
    (entry,) = page.entries
    assert entry.request.url.endswith("/v1/chat/completions?a=1") and entry.request.text.encode() == body
    assert (entry.response.status, entry.response.text) == (200, answered)
    assert entry.startTime and entry.time > 0


def test_lenient_mocks_answer_what_vendors_refuse(tmp_path):
    command = Command(tmp_path, "llm", "--lenient", "--output", "json")
    urls = json.loads(command.process.stdout.readline())["urls"]

    def post(url, body):
        request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "text/plain"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.load(answer)

    hello = [{"role": "user", "content": "hello"}]
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    chat = {"model": "m", "messages": hello, "surprise": 1, "temperature": 99, "tools": [tool], "tool_choice": "required"}
    answer = post(f"{urls['openai']}/chat/completions", chat)
    # What the vendor does understand still counts.
    assert answer["choices"][0]["message"]["tool_calls"][0]["function"]["name"] == "f"
    claude = {"model": "m", "messages": [{"role": "assistant", "content": "hello", "x": 1}], "surprise": 1}
    assert post(f"{urls['anthropic']}/v1/messages", claude)["content"][0]["text"] == "You said: hello"
    gemini = {"contents": [{"role": "nobody", "parts": [{"text": "hello", "x": 1}]}]}
    assert post(f"{urls['gemini']}/v1beta/models/m:generateContent?x=1", gemini)["candidates"]
    nova = {"messages": [{"role": "user", "content": [{"text": "hello"}]}], "surprise": 1}
    assert post(f"{urls['bedrock']}/model/amazon.nova-lite-v1:0/converse", nova)["stopReason"] == "end_turn"
    assert post(f"{urls['azure']}/openai/deployments/d/chat/completions", chat)["choices"]
    vertex = f"{urls['vertex']}/v1/projects/p/locations/l/publishers/google/models/gemini-2.5-flash:generateContent"
    assert post(vertex, gemini)["candidates"]
    command.stop()
