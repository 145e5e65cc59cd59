"""Running mocks for the vendors' SDKs, and a lane of its own for every test."""

import pytest
from process import MockProcess


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
    running = MockProcess(tmp_path_factory.mktemp("mocks"))
    yield running
    running.stop()


@pytest.fixture
def lane(mocks, request):
    return Lane(mocks, "".join(letter if letter.isalnum() else "-" for letter in request.node.name))
