"""Clients of Google's gRPC library, which share no code with the mocks."""

import grpc
import pytest


def pytest_configure(config):
    # What the generated messages say of their own library.
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning:envoy_data_plane")


@pytest.fixture
def channel(lane):
    """A way to a mock by its name; every call goes to the test's own lane."""
    opened = []

    class Named(grpc.UnaryUnaryClientInterceptor, grpc.StreamStreamClientInterceptor):
        def _named(self, details):
            metadata = [*(details.metadata or []), ("x-agw-lane", lane.name)]
            return details._replace(metadata=metadata, timeout=details.timeout or 10)

        def intercept_unary_unary(self, go_on, details, request):
            return go_on(self._named(details), request)

        def intercept_stream_stream(self, go_on, details, requests):
            return go_on(self._named(details), requests)

    def to(mock, **options):
        channel = grpc.insecure_channel(lane.urls[mock].removeprefix("http://"), **options)
        opened.append(channel)
        return grpc.intercept_channel(channel, Named())

    yield to
    for channel in opened:
        channel.close()
