"""Running MCP servers for the Python SDK."""

import json
import os
import secrets
import socket
import subprocess
import time
import urllib.request

import pytest

PATIENCE = 20


class Servers:
    """The process `agw-sandbox mock mcp`: its URLs, and its admin API."""

    def __init__(self, folder):
        token_file = folder / "token"
        self.token = secrets.token_hex(16)
        token_file.write_text(self.token)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [os.environ["AGW_MOCK_BINARY"], "mock", "mcp", "--any-ports", "--output", "json"]
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

    def sessions(self, server):
        return self.call("GET", f"/mock/{server}/sessions")["sessions"]

    def heard(self, server, method):
        """Waits until the server has received a message with this method."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            exchanges = self.call("GET", f"/exchanges?mock={server}")["exchanges"]
            bodies = [exchange["received"]["body"] for exchange in exchanges]
            found = [json.loads(body) for body in bodies if f'"{method}"' in body]
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{server} never heard {method}")

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    running = Servers(tmp_path_factory.mktemp("servers"))
    yield running
    running.stop()
