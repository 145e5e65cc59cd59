"""A process `agw-sandbox mock`: its URLs, and its admin API."""

import json
import os
import secrets
import socket
import subprocess
import urllib.request

PATIENCE = 20


class MockProcess:
    """Mocks on ports that are free, until `stop`; `what` are the words behind `mock`."""

    def __init__(self, folder, *what):
        token_file = folder / "token"
        self.token = secrets.token_hex(16)
        token_file.write_text(self.token)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [os.environ["AGW_MOCK_BINARY"], "mock", *what, "--any-ports", "--output", "json"]
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
