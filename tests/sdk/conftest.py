"""Running mocks for the vendors' SDKs, and a lane of its own for every test."""

import json
import os
import secrets
import socket
import subprocess
import urllib.request

import pytest

PATIENCE = 20


class Mocks:
    """The process `agw-sandbox mock`: its URLs, and how its mocks behave."""

    def __init__(self, folder):
        token_file = folder / "token"
        self.token = secrets.token_hex(16)
        token_file.write_text(self.token)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [os.environ["AGW_MOCK_BINARY"], "mock", "--any-ports", "--output", "json"]
        command += ["--admin-port", str(port), "--admin-token-file", str(token_file)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        ready = json.loads(self.process.stdout.readline())
        assert ready["event"] == "mock.ready", ready
        self.urls = ready["urls"]
        self.admin = f"http://127.0.0.1:{port}"

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.admin + path, data=data, method=method)
        request.add_header("authorization", f"Bearer {self.token}")
        request.add_header("content-type", "application/json")
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            text = answer.read()
        return json.loads(text) if text else None

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)


class Lane:
    """One test's own view of the mocks."""

    def __init__(self, mocks, name):
        self.urls = mocks.urls
        self.name = name
        self.headers = {"x-agw-lane": name}
        self._mocks = mocks

    def behave(self, mock, **behaviour):
        self._mocks.call("PUT", f"/lanes/{self.name}/behaviour/{mock}", behaviour)

    def requests(self, mock, count=0):
        path = f"/lanes/{self.name}/exchanges?mock={mock}&wait={count}&timeout_ms=5000"
        return [exchange["received"] for exchange in self._mocks.call("GET", path)["exchanges"]]


@pytest.fixture(scope="session")
def mocks(tmp_path_factory):
    running = Mocks(tmp_path_factory.mktemp("mocks"))
    yield running
    running.stop()


@pytest.fixture
def lane(mocks, request):
    return Lane(mocks, "".join(letter if letter.isalnum() else "-" for letter in request.node.name))
