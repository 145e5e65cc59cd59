"""Where the mocks are that the clients of this folder talk to."""

import os

import pytest


@pytest.fixture(scope="session")
def url(request):
    """The base URL of a vendor: `AGW_MOCK_<VENDOR>_URL`, or that of mocks started for the tests."""

    def of(vendor):
        return os.environ.get(f"AGW_MOCK_{vendor.upper()}_URL") or request.getfixturevalue("mocks").urls[vendor]

    return of
