"""Running MCP servers for the Python SDK."""

import json
import time

import pytest
from process import PATIENCE, MockProcess


class Servers(MockProcess):
    """The MCP servers."""

    def __init__(self, folder):
        super().__init__(folder, "mcp")

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


@pytest.fixture(scope="session")
def servers(tmp_path_factory):
    running = Servers(tmp_path_factory.mktemp("servers"))
    yield running
    running.stop()
